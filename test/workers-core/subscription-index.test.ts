import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Filter, normaliseFilter } from '../../shared/filter.ts';
import { type Matchable, matches } from '../../shared/matches.ts';
import { SubscriptionIndex } from '../../workers/core/subscription-index.ts';
import { MATCHABLE } from '../shared/samples.ts';
import { nearMatchables, normalFilters } from './arbitraries.ts';

describe('each ruling on matching', () => {
  it('an event of .75 reaches exactly four of the thresholds .4 .5 .6 .7 .8 .9', () => {
    const index = new SubscriptionIndex();
    const thresholds = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    const slots = thresholds.map(confidence_min => index.add(daily({ confidence_min })));
    expect(matching(index, MATCHABLE)).toEqual(slots.slice(0, 4));
  });

  it('a symbol that nobody names reaches nobody who asks for symbols', () => {
    const index = new SubscriptionIndex();
    index.add(daily({ symbols: ['NVDA'] }));
    index.add(daily({ symbols: ['AAPL', 'BRK.B'] }));
    expect(matching(index, { ...MATCHABLE, symbol: 'ZZZZ' })).toEqual([]);
    expect(matching(index, { kind: 'pattern' })).toEqual([]);
  });

  it("does not mix the symbol of one of a session's subscriptions with the pattern type of another", () => {
    const index = new SubscriptionIndex();
    index.add(daily({ symbols: ['AAPL'], pattern_types: ['Doji'] }));
    const other = index.add(daily({ symbols: ['NVDA'], pattern_types: ['BreakoutBO'] }));
    expect(matching(index, MATCHABLE)).toEqual([]);
    expect(matching(index, { ...MATCHABLE, symbol: 'NVDA' })).toEqual([other]);
  });

  it('an empty list asks for everything', () => {
    const index = new SubscriptionIndex();
    const slot = index.add({ kinds: [], symbols: [], pattern_types: [], exclude_symbols: [] });
    expect(matching(index, MATCHABLE)).toEqual([slot]);
    expect(matching(index, { kind: 'system_health' })).toEqual([slot]);
  });

  it('takes the excluded away from those who ask for everything, few or many', () => {
    const index = new SubscriptionIndex();
    const all = index.add(daily({}));
    for (let i = 0; i < 100; i++) {
      index.add(daily({ exclude_symbols: ['AAPL'] }));
      expect(matching(index, MATCHABLE)).toEqual([all]);
    }
    expect(matching(index, { ...MATCHABLE, symbol: 'NVDA' })).toHaveLength(101);
  });

  it('checks thresholds between two tenths exactly', () => {
    const index = new SubscriptionIndex();
    const slots = [0.701, 0.75, 0.751, 0.799, 0.8].map(confidence_min => index.add(daily({ confidence_min })));
    expect(matching(index, MATCHABLE)).toEqual(slots.slice(0, 2));
    expect(matching(index, { ...MATCHABLE, confidence: 0.7506 })).toEqual(slots.slice(0, 3));
    expect(matching(index, { ...MATCHABLE, confidence: 1 })).toEqual(slots);
  });
});

describe('slots', () => {
  it('are used again, without a trace of who held them before', () => {
    const index = new SubscriptionIndex();
    const first = index.add(
      daily({
        symbols: ['NVDA'],
        confidence_min: 0.9,
        priority_min: 'critical',
        exclude_pattern_types: ['BreakoutBO'],
      }),
    );
    index.remove(first);
    expect(index.size).toBe(0);
    expect(matching(index, MATCHABLE)).toEqual([]);
    expect(index.add(daily({}))).toBe(first);
    expect(matching(index, MATCHABLE)).toEqual([first]);
  });

  it('cannot be given back twice', () => {
    const index = new SubscriptionIndex();
    const slot = index.add(daily({}));
    index.remove(slot);
    expect(() => index.remove(slot)).toThrow('not in use');
    expect(() => index.remove(7)).toThrow('not in use');
  });
});

/** What happens to a hub's subscriptions. A session names its subscriptions by small numbers, and crowds subscribe alike. */
type Step =
  | { what: 'subscribe'; session: number; id: number; filter: Filter }
  | { what: 'unsubscribe'; session: number; id: number }
  | { what: 'disconnect'; session: number }
  | { what: 'crowd arrives'; filter: Filter; count: number }
  | { what: 'crowd leaves'; count: number }
  | { what: 'wake' }
  | { what: 'event'; event: Matchable };

const session = fc.nat(3);
const id = fc.nat(3);
const count = fc.integer({ min: 20, max: 80 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('subscribe' as const), session, id, filter: normalFilters }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('unsubscribe' as const), session, id }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('disconnect' as const), session }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('crowd arrives' as const), filter: normalFilters, count }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('crowd leaves' as const), count }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('wake' as const) }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('event' as const), event: nearMatchables }) },
);

/** The index beside the plain list of who holds which slot. */
class Model {
  index = new SubscriptionIndex();
  #held = new Map<string, { slot: number; filter: Filter }>();
  #arrived = 0;

  apply(step: Step): void {
    if (step.what === 'subscribe') this.#subscribe(`${step.session}/${step.id}`, step.filter);
    if (step.what === 'unsubscribe') this.#unsubscribe(`${step.session}/${step.id}`);
    if (step.what === 'disconnect') for (const name of this.#names(`${step.session}/`)) this.#unsubscribe(name);
    if (step.what === 'crowd arrives') {
      for (let i = 0; i < step.count; i++) this.#subscribe(`crowd/${this.#arrived++}`, step.filter);
    }
    if (step.what === 'crowd leaves') {
      for (const name of this.#names('crowd/').slice(0, step.count)) this.#unsubscribe(name);
    }
    if (step.what === 'wake') this.#rebuild();
    if (step.what === 'event') expect(matching(this.index, step.event)).toEqual(this.wanting(step.event));
    expect(this.index.size).toBe(this.#held.size);
  }

  wanting(event: Matchable): number[] {
    const wanting = [...this.#held.values()].filter(({ filter }) => matches(filter, event));
    return wanting.map(({ slot }) => slot).sort((a, b) => a - b);
  }

  #subscribe(name: string, filter: Filter): void {
    this.#unsubscribe(name);
    const slot = this.index.add(filter);
    expect([...this.#held.values()].some(held => held.slot === slot)).toBe(false);
    this.#held.set(name, { slot, filter });
  }

  #unsubscribe(name: string): void {
    const held = this.#held.get(name);
    if (!held) return;
    this.index.remove(held.slot);
    this.#held.delete(name);
  }

  #rebuild(): void {
    this.index = new SubscriptionIndex();
    for (const held of this.#held.values()) held.slot = this.index.add(held.filter);
  }

  #names(prefix: string): string[] {
    return [...this.#held.keys()].filter(name => name.startsWith(prefix));
  }
}

describe('the index equals matching every subscription by itself', () => {
  it('whatever is subscribed, replaced, taken away and woken in between', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.array(nearMatchables, { minLength: 5, maxLength: 5 }),
        (steps, events) => {
          const model = new Model();
          for (const step of steps) model.apply(step);
          for (const event of events) model.apply({ what: 'event', event });
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('past the slots it starts with, and after most have left', { timeout: 60_000 }, () => {
    const someFilters = fc.array(fc.oneof(normalFilters, fc.constant<Filter>({ kinds: [] })), {
      minLength: 3,
      maxLength: 12,
    });
    const someEvents = fc.array(nearMatchables, { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(someFilters, someEvents, fc.integer({ min: 1_025, max: 4_500 }), (kinds, events, count) => {
        const index = new SubscriptionIndex();
        const held = new Map<number, Filter>();
        const addAll = (many: number) => {
          for (let i = 0; i < many; i++) {
            const filter = kinds[(i * 7 + (i >>> 5)) % kinds.length]!;
            held.set(index.add(filter), filter);
          }
        };
        const check = () => {
          for (const event of events) {
            const wanting = [...held].filter(([, filter]) => matches(filter, event)).map(([slot]) => slot);
            expect(matching(index, event)).toEqual(wanting.sort((a, b) => a - b));
          }
        };
        addAll(count);
        expect(index.size).toBe(count);
        check();
        for (const slot of [...held.keys()].filter(slot => slot % 50 !== 0)) {
          index.remove(slot);
          held.delete(slot);
        }
        check();
        addAll(200);
        check();
      }),
      { numRuns: 30 },
    );
  });
});

function daily(filter: Filter): Filter {
  return normaliseFilter('daily', filter);
}

function matching(index: SubscriptionIndex, event: Matchable): number[] {
  const count = index.match(event);
  return [...index.matched.subarray(0, count)];
}
