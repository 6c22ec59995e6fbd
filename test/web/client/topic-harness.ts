import { type ClientOptions, TickstockClient, type Told, type TopicClient } from '../../../web/client/client.ts';
import { FakeRuntime, type FakeSocket } from './fake-runtime.ts';
import { hello } from './frames.ts';

const TOLD = ['events', 'state', 'subscribed', 'withheld', 'gap', 'lost', 'heartbeat', 'error', 'problem'] as const;

/** A topic on fake surroundings that writes down what its listeners are told. */
export class TopicHarness {
  readonly runtime: FakeRuntime;
  readonly told: { [Name in keyof Told]: Told[Name][] } = {
    events: [],
    state: [],
    subscribed: [],
    withheld: [],
    gap: [],
    lost: [],
    heartbeat: [],
    error: [],
    problem: [],
  };
  readonly client: TickstockClient;
  readonly topic: TopicClient;

  constructor(options: Partial<ClientOptions> & { runtime?: FakeRuntime } = {}) {
    this.runtime = options.runtime ?? new FakeRuntime();
    this.client = new TickstockClient({ url: 'ws://test', ...options, runtime: this.runtime });
    this.topic = this.client.topic('daily');
    for (const name of TOLD) this.topic.on(name, (told: unknown) => (this.told[name] as unknown[]).push(told));
  }

  get socket(): FakeSocket {
    return this.runtime.socket;
  }

  /** The server greets, and the first ping is answered. */
  greet(changes: Record<string, unknown> = {}): void {
    this.socket.deliver(hello(changes));
    this.socket.deliver('pong');
  }

  deliver(...frames: unknown[]): void {
    for (const frame of frames) this.socket.deliver(frame);
  }

  /** The connection is lost, and the next one greeted. */
  reconnect(changes: Record<string, unknown> = {}): void {
    this.socket.drop();
    this.topic.retryNow();
    this.greet(changes);
  }

  get seqs(): number[] {
    return this.told.events.flatMap(batch => batch.events.map(event => event.seq));
  }

  get stateNames(): string[] {
    return this.told.state.map(state => state.name);
  }
}
