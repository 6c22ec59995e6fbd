import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Subscribed } from '../../../shared/client-protocol.ts';
import type { Filter } from '../../../shared/filter.ts';
import { matches } from '../../../shared/matches.ts';
import { ModelScript, SERVER_STEPS, type ServerStep } from './model-script.ts';
import { ModelServer } from './model-server.ts';
import { TopicHarness } from './topic-harness.ts';

const FILTERS: Filter[] = [{}, { symbols: ['A'] }, { symbols: ['B', 'C'] }, { exclude_symbols: ['A'] }];
const IDS = ['s', 't', 'u'];

type Step = ServerStep | { do: 'subscribe'; id: string; filter: number; snapshot: number };

const steps: fc.Arbitrary<Step> = fc.oneof(...SERVER_STEPS, {
  weight: 2,
  arbitrary: fc.record({
    do: fc.constant('subscribe' as const),
    id: fc.constantFrom(...IDS),
    filter: fc.nat(FILTERS.length - 1),
    snapshot: fc.constantFrom(0, 0, 4, 50),
  }),
});

it('delivers each matching event once, and each snapshot, wherever connections are cut', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 20, maxLength: 150 }), script => {
      const run = new Run();
      for (const step of script) run.take(step);
      run.finish();
      run.check();
      expect(run.lost).toEqual([]);
    }),
    { numRuns: 1_500 },
  );
}, 60_000);

it('delivers what was published since a subscription began on each epoch, and tells what was lost between', () => {
  fc.assert(
    fc.property(
      fc.array(steps, { minLength: 5, maxLength: 60 }),
      fc.array(steps, { minLength: 5, maxLength: 60 }),
      (before, after) => {
        const run = new Run();
        for (const step of before) run.take(step);
        run.finish();
        run.check();
        run.beginEpoch('e2');
        for (const step of after) run.take(step);
        run.finish();
        run.check();
        run.checkLost();
      },
    ),
    { numRuns: 500 },
  );
}, 60_000);

/** What the caller wants under an id, and may expect. */
interface Wanted {
  filter: Filter;
  /** Of each of its requests: whichever counts, so many of the newest events are due. */
  snapshot: number;
  /** From here on it gets everything: where the caller was told that it began; null before. */
  since: number | null;
  /** Whether it has a position of an epoch that is over. */
  isOverdue: boolean;
}

/** One client on one model server, both driven by a script. */
class Run {
  readonly #harness = new TopicHarness();
  readonly #server = new ModelServer();
  readonly #script = new ModelScript(this.#server, this.#harness.runtime, this.#harness.topic);
  readonly #wanted = new Map<string, Wanted>();
  #deliveredBefore = 0;

  constructor() {
    this.#harness.topic.on('subscribed', subscribed => this.#began(subscribed));
    this.take({ do: 'subscribe', id: 's', filter: 0, snapshot: 0 });
  }

  get lost(): string[] {
    return this.#harness.told.lost.map(loss => loss.id).toSorted();
  }

  take(step: Step): void {
    if (step.do === 'subscribe') this.#subscribe(step.id, FILTERS[step.filter]!, step.snapshot);
    else this.#script.take(step);
  }

  /** Lets everything come to rest. */
  finish(): void {
    this.#script.finish();
  }

  beginEpoch(epoch: string): void {
    for (const wanted of this.#wanted.values()) Object.assign(wanted, { since: null, isOverdue: true });
    this.#deliveredBefore = this.#harness.seqs.length;
    this.#server.epoch = epoch;
    this.#server.tape = [];
    this.#server.flushed = 0;
    this.take({ do: 'cut' });
  }

  check(): void {
    const delivered = this.#harness.seqs.slice(this.#deliveredBefore);
    expect(delivered.length).toBe(new Set(delivered).size);
    const has = new Set(delivered);
    for (const [id, { filter, snapshot, since }] of this.#wanted) {
      const matching = this.#server.tape.filter(event => matches(filter, event));
      const newest = snapshot > 0 ? matching.slice(-snapshot) : [];
      const due = [...newest, ...matching.filter(event => event.seq > since!)];
      expect(due.filter(event => !has.has(event.seq))).toEqual([]);
      expect(this.#harness.topic.position(id)?.seq).toBeLessThanOrEqual(this.#server.flushed);
    }
    expect(this.#harness.told.problem).toEqual([]);
  }

  /** Each subscription that went on into the new epoch was told its loss, once; the others had none. */
  checkLost(): void {
    const overdue = [...this.#wanted].filter(([, { isOverdue }]) => isOverdue).map(([id]) => id);
    expect(this.lost.filter(id => overdue.includes(id))).toEqual(overdue.toSorted());
    expect(new Set(this.lost).size).toBe(this.lost.length);
  }

  #subscribe(id: string, filter: Filter, snapshot: number): void {
    const known = this.#wanted.get(id);
    if (known?.filter === filter) known.snapshot = Math.min(known.snapshot, snapshot);
    else this.#wanted.set(id, { filter, snapshot, since: null, isOverdue: false });
    this.#harness.topic.subscribe({ id, filter, snapshot });
  }

  #began({ id, filter, position, recovered }: Subscribed): void {
    const wanted = this.#wanted.get(id)!;
    if (JSON.stringify(filter) !== JSON.stringify(wanted.filter)) return;
    if (wanted.since === null || recovered === false) wanted.since = position.seq;
  }
}
