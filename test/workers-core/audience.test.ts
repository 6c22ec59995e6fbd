import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../shared/filter.ts';
import { type Matchable, matches } from '../../shared/matches.ts';
import { type Addressed, Audience, type SlotOwner } from '../../workers/core/audience.ts';
import { SubscriptionIndex } from '../../workers/core/subscription-index.ts';
import { MATCHABLE } from '../shared/samples.ts';
import { nearMatchables, normalFilters } from './arbitraries.ts';

const ALL: Filter = { kinds: ['pattern'] };
const NVDA: Filter = { ...ALL, symbols: ['NVDA'] };

describe('the index decides', () => {
  it('a session with several matching subscriptions is found once', () => {
    const { find } = audienceOf([
      { session: 3, filter: ALL },
      { session: 3, filter: { ...ALL, symbols: ['AAPL'] } },
      { session: 5, filter: NVDA },
    ]);
    expect(find(event())).toEqual([3]);
  });

  it('a session that is not live is not found', () => {
    const { find } = audienceOf([
      { session: 1, filter: ALL },
      { session: 2, filter: ALL },
    ]);
    expect(find(event(), [2])).toEqual([2]);
  });

  it('each event is looked up anew', () => {
    const { find } = audienceOf([
      { session: 1, filter: ALL },
      { session: 2, filter: NVDA },
    ]);
    expect(find(event())).toEqual([1]);
    expect(find(event({ view: { ...MATCHABLE, symbol: 'NVDA' } }))).toEqual([1, 2]);
    expect(find(event({ view: { kind: 'outcome' } }))).toEqual([]);
    expect(find(event())).toEqual([1]);
  });

  it('however many sessions there are, and however high their numbers', () => {
    const sessions = [...Array.from({ length: 130 }, (_, i) => i), 1_000, 4_095, 4_096];
    const { find } = audienceOf(sessions.map(session => ({ session, filter: ALL })));
    expect(find(event())).toEqual(sessions);
    expect(find(event())).toEqual(sessions);
  });
});

it('a broadcast reaches every live session, whatever it subscribed to', () => {
  const { find } = audienceOf([{ session: 1, filter: NVDA }]);
  expect(find(event({ broadcast: true }), [0, 1, 200])).toEqual([0, 1, 200]);
  expect(find(event(), [0, 1, 200])).toEqual([]);
});

describe('a group', () => {
  const members = [4, 9, 2, 7].map(session => ({ session, filter: ALL, group: 'workers' }));

  it('shares its events evenly, each to exactly one member', () => {
    const { find } = audienceOf(members);
    const counts = new Map<number, number>();
    for (let seq = 1; seq <= 4_000; seq++) {
      const found = find(event({ seq }));
      expect(found).toHaveLength(1);
      counts.set(found[0]!, (counts.get(found[0]!) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([2, 4, 7, 9]);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(120);
  });

  it('gives an event to the same member wherever it is worked out', () => {
    const one = audienceOf(members);
    const other = audienceOf(members.toReversed());
    for (let seq = 1; seq <= 100; seq++) expect(one.find(event({ seq }))).toEqual(other.find(event({ seq })));
  });

  it('keeps the share of a member that is not live for it, and shares the same with it as without', () => {
    const { find } = audienceOf(members);
    for (let seq = 1; seq <= 100; seq++) {
      const [chosen] = find(event({ seq }));
      for (const member of [2, 4, 7, 9])
        expect(find(event({ seq }), [member])).toEqual(member === chosen ? [member] : []);
    }
  });

  it('counts only members that want the event', () => {
    const { find } = audienceOf([...members, { session: 1, filter: NVDA, group: 'workers' }]);
    const found = new Set(Array.from({ length: 200 }, (_, i) => find(event({ seq: i + 1 }))[0]));
    expect(found).toEqual(new Set([2, 4, 7, 9]));
  });

  it('counts a member with two matching subscriptions as one', () => {
    const { find } = audienceOf([
      { session: 1, filter: ALL, group: 'workers' },
      { session: 1, filter: { ...ALL, symbols: ['AAPL'] }, group: 'workers' },
      { session: 2, filter: ALL, group: 'workers' },
    ]);
    const toFirst = Array.from({ length: 1_000 }, (_, i) => find(event({ seq: i + 1 }))[0]).filter(s => s === 1);
    expect(Math.abs(toFirst.length - 500)).toBeLessThan(80);
  });

  it('takes nothing from sessions outside it, nor from other groups', () => {
    const { find } = audienceOf([
      ...members,
      { session: 1, filter: ALL },
      { session: 3, filter: ALL, group: 'others' },
    ]);
    for (let seq = 1; seq <= 50; seq++) {
      const found = find(event({ seq }));
      expect(found).toHaveLength(3);
      expect(found).toEqual(expect.arrayContaining([1, 3]));
    }
  });

  it('a session that wants an event for itself too gets it once, and always', () => {
    const { find } = audienceOf([...members, { session: 4, filter: ALL }]);
    for (let seq = 1; seq <= 50; seq++) {
      const found = find(event({ seq }));
      expect(found).toContain(4);
      expect(new Set(found).size).toBe(found.length);
    }
  });

  it('shares nothing that is not to be shared: all members get it', () => {
    const { find } = audienceOf(members);
    expect(find(event({ shared: false }))).toEqual([2, 4, 7, 9]);
  });
});

it('finds those who match by themselves, and one member of each group that matches, and nobody else', () => {
  const subscription = fc.record({
    session: fc.nat(9),
    filter: normalFilters,
    group: fc.constantFrom(null, null, 'g', 'h'),
  });
  fc.assert(
    fc.property(
      fc.array(subscription, { maxLength: 30 }),
      fc.uniqueArray(fc.nat(9)),
      fc.array(fc.record({ view: nearMatchables, seq: fc.nat(1_000), shared: fc.boolean() }), { maxLength: 8 }),
      (subscriptions, live, events) => {
        const { find } = audienceOf(subscriptions);
        for (const { view, seq, shared } of events) {
          const matching = subscriptions.filter(s => matches(s.filter, view));
          const found = find(event({ view, seq, shared }));
          // Who is not live gets nothing now, and nobody gets it in their place.
          expect(find(event({ view, seq, shared }), live)).toEqual(found.filter(session => live.includes(session)));
          expect(new Set(found).size).toBe(found.length);
          for (const session of found) expect(matching.some(s => s.session === session)).toBe(true);

          const byThemselves = new Set(matching.filter(s => !shared || s.group === null).map(s => s.session));
          for (const session of byThemselves) expect(found).toContain(session);

          const groups = new Set(matching.filter(s => shared && s.group !== null).map(s => s.group));
          const byGroup = found.filter(session => !byThemselves.has(session));
          expect(byGroup.length).toBeLessThanOrEqual(groups.size);
          for (const group of groups) {
            const members = matching.filter(s => s.group === group).map(s => s.session);
            expect(members.some(session => found.includes(session))).toBe(true);
          }
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

function event(changes: Partial<Addressed> & { view?: Matchable } = {}): Addressed {
  return { seq: 1, view: MATCHABLE, broadcast: false, shared: true, ...changes };
}

/** An audience of these subscriptions; without a list of its own, `find` takes all their sessions as live. */
function audienceOf(subscriptions: { session: number; filter: Filter; group?: string | null }[]): {
  find: (event: Addressed, live?: number[]) => number[];
} {
  const index = new SubscriptionIndex();
  const owners = new Map<number, SlotOwner>();
  for (const { session, filter, group = null } of subscriptions) owners.set(index.add(filter), { session, group });
  const audience = new Audience(index, slot => owners.get(slot)!);
  const everyone = subscriptions.map(({ session }) => session);
  return {
    find: (event, live = everyone) => {
      const count = audience.find(event, new Set(live));
      return [...audience.sessions.subarray(0, count)].sort((a, b) => a - b);
    },
  };
}
