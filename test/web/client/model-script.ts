import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { TopicClient } from '../../../web/client/client.ts';
import type { FakeRuntime } from './fake-runtime.ts';
import type { ModelServer } from './model-server.ts';

/** What happens to a server and on the way to it. */
export type ServerStep =
  | { do: 'publish'; symbols: string[]; critical: number }
  | { do: 'deliver'; count: number }
  | { do: 'flush' | 'heartbeat' | 'read' | 'serve' | 'cut' | 'pong' };

export const SERVER_STEPS: { weight: number; arbitrary: fc.Arbitrary<ServerStep> }[] = [
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
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('flush' as const, 'heartbeat' as const, 'read' as const, 'serve' as const, 'pong' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
];

/** Drives a model server and the connection of a topic to it. */
export class ModelScript {
  readonly #server: ModelServer;
  readonly #runtime: FakeRuntime;
  readonly #topic: Pick<TopicClient, 'state' | 'retryNow'>;

  constructor(server: ModelServer, runtime: FakeRuntime, topic: Pick<TopicClient, 'state' | 'retryNow'>) {
    this.#server = server;
    this.#runtime = runtime;
    this.#topic = topic;
  }

  take(step: ServerStep): void {
    this.#connect();
    switch (step.do) {
      case 'publish':
        for (const [i, symbol] of step.symbols.entries()) {
          this.#server.publish({ symbol, isCritical: i === step.critical });
        }
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
        this.#topic.retryNow();
        break;
    }
  }

  /** Lets everything come to rest. */
  finish(): void {
    for (let i = 0; i < 10_000 && !(this.#server.isIdle && this.#topic.state.name === 'open'); i++) {
      this.take({ do: 'flush' });
      this.take({ do: 'read' });
      this.take({ do: 'serve' });
      this.take({ do: 'deliver', count: 1_000 });
    }
    expect(this.#topic.state).toEqual({ name: 'open' });
  }

  /** The client may have dialled anew by itself. */
  #connect(): void {
    if (this.#server.session?.socket !== this.#runtime.socket) this.#server.connect(this.#runtime.socket);
  }
}
