import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Filter } from '../../../shared/filter.ts';
import { matches } from '../../../shared/matches.ts';
import { EdgeHarness, type Subscriber } from './edge-harness.ts';
import { ModelScript, SERVER_STEPS, type ServerStep } from './model-script.ts';
import { ModelServer } from './model-server.ts';

const FILTERS: Filter[] = [{}, { symbols: ['A'] }, { symbols: ['B', 'C'] }, { exclude_symbols: ['A'] }];

type Step = ServerStep | { do: 'subscribe'; filter: number; snapshot: number } | { do: 'close'; which: number };

const steps: fc.Arbitrary<Step> = fc.oneof(
  ...SERVER_STEPS,
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      filter: fc.nat(FILTERS.length - 1),
      snapshot: fc.constantFrom(0, 0, 4, 50),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), which: fc.nat(5) }) },
);

it('gives each subscription what matches its own filter, once, wherever connections are cut and others come and go', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 20, maxLength: 150 }), script => {
      const run = new Run();
      for (const step of script) run.take(step);
      run.finish();
      run.check();
    }),
    { numRuns: 500 },
  );
}, 60_000);

/** A subscription, and from where on it has to have everything. */
interface Followed {
  subscriber: Subscriber;
  filter: Filter;
  snapshot: number;
  since: number | null;
}

class Run {
  readonly #edge = new EdgeHarness();
  readonly #server = new ModelServer();
  readonly #topic = this.#edge.client.topic('daily');
  readonly #script = new ModelScript(this.#server, this.#edge.runtime, this.#topic);
  readonly #followed: Followed[] = [];

  constructor() {
    this.#topic.on('subscribed', ({ id, position }) => {
      const followed = this.#followed.find(({ subscriber }) => subscriber.id === id);
      if (followed) followed.since ??= position.seq;
    });
    this.take({ do: 'subscribe', filter: 0, snapshot: 0 });
  }

  take(step: Step): void {
    if (step.do === 'subscribe') {
      const [filter, { snapshot }] = [FILTERS[step.filter]!, step];
      this.#followed.push({ subscriber: this.#edge.subscribe({ filter, snapshot }), filter, snapshot, since: null });
    } else if (step.do === 'close') {
      for (const { subscriber } of this.#followed.splice(step.which, 1)) subscriber.subscription.close();
    } else {
      this.#script.take(step);
    }
  }

  finish(): void {
    this.#script.finish();
  }

  check(): void {
    for (const { subscriber, filter, snapshot, since } of this.#followed) {
      const { seqs } = subscriber;
      const matching = this.#server.tape.filter(event => matches(filter, event)).map(({ seq }) => seq);
      const due = [...(snapshot > 0 ? matching.slice(-snapshot) : []), ...matching.filter(seq => seq > since!)];
      expect(seqs.length).toBe(new Set(seqs).size);
      expect(seqs.filter(seq => !matching.includes(seq))).toEqual([]);
      expect(due.filter(seq => !seqs.includes(seq))).toEqual([]);
      // Each backfill that ends is told; one may also follow a reconnect.
      const isDone = subscriber.told.events.some(({ replay }) => replay?.done);
      if (snapshot > 0) expect(isDone).toBe(true);
    }
  }
}
