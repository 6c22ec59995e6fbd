import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Filter } from '../../../shared/filter.ts';
import { matches } from '../../../shared/matches.ts';
import type { FakeRuntime } from './fake-runtime.ts';
import { ModelServer } from './model-server.ts';
import { TopicHarness } from './topic-harness.ts';

const FILTERS: Filter[] = [{}, { symbols: ['A'] }, { symbols: ['B', 'C'] }, { exclude_symbols: ['A'] }];
const IDS = ['s', 't', 'u'];

type Step =
  | { do: 'publish'; symbols: string[]; critical: number }
  | { do: 'deliver'; count: number }
  | { do: 'subscribe'; id: string; filter: number; snapshot: number }
  | { do: 'flush' | 'heartbeat' | 'read' | 'serve' | 'cut' | 'pong' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      symbols: fc.array(fc.constantFrom('A', 'B', 'C'), { minLength: 1, maxLength: 9 }),
      critical: fc.nat(9),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      id: fc.constantFrom(...IDS),
      filter: fc.nat(FILTERS.length - 1),
      snapshot: fc.constantFrom(0, 0, 4, 50),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('flush' as const, 'heartbeat' as const, 'read' as const, 'serve' as const, 'pong' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
);

it('delivers each matching event once, wherever connections are cut', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 20, maxLength: 150 }), script => {
      const run = new Run();
      for (const step of script) run.take(step);
      run.finish();
      run.check();
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
        expect(run.lost).toEqual(run.resumable);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

/** One client on one model server, both driven by a script. */
class Run {
  readonly #harness = new TopicHarness();
  readonly #server = new ModelServer();
  readonly #requests = new Map<string, Filter>();
  /** Ids that had a position when the epoch changed. */
  resumable: string[] = [];
  #deliveredBefore = 0;

  constructor() {
    this.#server.connect(this.#runtime.socket);
    this.take({ do: 'subscribe', id: 's', filter: 0, snapshot: 0 });
  }

  get lost(): string[] {
    return this.#harness.told.lost.map(loss => loss.id).toSorted();
  }

  take(step: Step): void {
    this.#reconnected();
    switch (step.do) {
      case 'publish':
        for (const [i, symbol] of step.symbols.entries()) {
          this.#server.publish({ symbol, isCritical: i === step.critical });
        }
        break;
      case 'subscribe':
        this.#subscribe(step.id, FILTERS[step.filter]!, step.snapshot);
        break;
      case 'deliver':
        this.#server.deliver(step.count);
        break;
      case 'flush':
        this.#server.flush();
        break;
      case 'heartbeat':
        this.#server.heartbeat();
        break;
      case 'read':
        this.#server.readMessages();
        break;
      case 'serve':
        this.#server.serve();
        break;
      case 'pong':
        this.#runtime.socket.deliver('pong');
        break;
      case 'cut':
        this.#server.cut();
        this.#harness.topic.retryNow();
        break;
    }
  }

  /** Lets everything come to rest. */
  finish(): void {
    for (let i = 0; i < 10_000 && !(this.#server.isIdle && this.#harness.topic.state.name === 'open'); i++) {
      this.take({ do: 'flush' });
      this.take({ do: 'read' });
      this.take({ do: 'serve' });
      this.take({ do: 'deliver', count: 1_000 });
    }
    expect(this.#harness.topic.state).toEqual({ name: 'open' });
  }

  beginEpoch(epoch: string): void {
    this.resumable = [...this.#requests.keys()].filter(id => this.#harness.topic.position(id)).toSorted();
    this.#deliveredBefore = this.#harness.seqs.length;
    this.#server.epoch = epoch;
    this.#server.tape = [];
    this.#server.flushed = 0;
    this.take({ do: 'cut' });
    this.finish();
  }

  check(): void {
    const delivered = this.#harness.seqs.slice(this.#deliveredBefore);
    expect(delivered.length).toBe(new Set(delivered).size);
    const has = new Set(delivered);
    for (const [id, filter] of this.#requests) {
      const since = this.#server.began.get(id)!;
      const missing = this.#server.tape.filter(
        event => event.seq > since && matches(filter, event) && !has.has(event.seq),
      );
      expect(missing).toEqual([]);
      expect(this.#harness.topic.position(id)?.seq).toBeLessThanOrEqual(this.#server.flushed);
    }
    expect(this.#harness.told.problem).toEqual([]);
  }

  get #runtime(): FakeRuntime {
    return this.#harness.runtime;
  }

  #subscribe(id: string, filter: Filter, snapshot: number): void {
    this.#requests.set(id, filter);
    this.#harness.topic.subscribe({ id, filter, snapshot });
  }

  /** The client may have dialled anew by itself. */
  #reconnected(): void {
    if (this.#server.session?.socket !== this.#runtime.socket) this.#server.connect(this.#runtime.socket);
  }
}
