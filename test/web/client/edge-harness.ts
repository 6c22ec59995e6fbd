import { connect, type EdgeClient, type SubscribeOptions, type Subscription } from '../../../web/client/edge-client.ts';
import type { Handlers } from '../../../web/client/topic-subscriptions.ts';
import { FakeRuntime, type FakeSocket } from './fake-runtime.ts';
import { events, hello, replay, subscribed } from './frames.ts';

type HandlerName = keyof Handlers;
type Heard<Name extends HandlerName> = Parameters<NonNullable<Handlers[Name]>>[0];

/** What a subscription's handlers were told. */
interface Told {
  events: Heard<'onEvents'>[];
  gap: Heard<'onGap'>[];
  withheld: Heard<'onWithheld'>[];
  lost: Heard<'onLost'>[];
  state: Heard<'onState'>[];
  heartbeat: Heard<'onHeartbeat'>[];
  error: Heard<'onError'>[];
}

export class Subscriber {
  readonly told: Told = { events: [], gap: [], withheld: [], lost: [], state: [], heartbeat: [], error: [] };
  readonly id: string;
  readonly options: Partial<SubscribeOptions>;
  readonly subscription: Subscription;

  constructor(client: EdgeClient, id: string, options: Partial<SubscribeOptions>) {
    this.id = id;
    this.options = options;
    const { told } = this;
    this.subscription = client.subscribe({
      topic: 'daily',
      onEvents: delivery => told.events.push(delivery),
      onGap: gap => told.gap.push(gap),
      onWithheld: withheld => told.withheld.push(withheld),
      onLost: lost => told.lost.push(lost),
      onState: state => told.state.push(state),
      onHeartbeat: heartbeat => told.heartbeat.push(heartbeat),
      onError: error => told.error.push(error),
      ...options,
    });
  }

  get seqs(): number[] {
    return this.told.events.flatMap(({ events }) => events.map(({ seq }) => seq));
  }
}

/** A client on fake surroundings whose subscribers write down what they are told. */
export class EdgeHarness {
  readonly runtime = new FakeRuntime();
  readonly client = connect({ url: 'http://test', runtime: this.runtime });
  #count = 0;
  #greeted: FakeSocket | null = null;

  get socket(): FakeSocket {
    return this.runtime.socket;
  }

  subscribe(options: Partial<SubscribeOptions>): Subscriber {
    const subscriber = new Subscriber(this.client, `subscription-${this.#count + 1}`, options);
    this.#count++;
    return subscriber;
  }

  /** The server greets, and the first ping is answered. */
  greet(changes: Record<string, unknown> = {}): void {
    this.#greeted = this.socket;
    this.socket.deliver(hello(changes));
    this.socket.deliver('pong');
  }

  /** The server accepts what was asked for; greets before that where it has not. */
  accept(...subscribers: Subscriber[]): void {
    if (this.#greeted !== this.socket) this.greet();
    for (const { id, options } of subscribers) this.socket.deliver(subscribed(id, { filter: options.filter ?? {} }));
  }

  /** The connection is lost, and the next one greeted. */
  reconnect(changes: Record<string, unknown> = {}): void {
    this.socket.drop();
    this.client.retryNow();
    this.greet(changes);
  }

  /** A live frame of events, by seq their symbols. */
  live(symbols: Record<number, string>, changes: Record<string, unknown> = {}): void {
    this.socket.deliver({ ...events(headOf(symbols), []), events: eventsOf(symbols), ...changes });
  }

  /** The whole backfill of a subscriber. */
  replay({ id }: Subscriber, symbols: Record<number, string>): void {
    this.socket.deliver({ ...replay(id, headOf(symbols), [], true), events: eventsOf(symbols) });
  }
}

function eventsOf(symbols: Record<number, string>): object[] {
  return Object.entries(symbols).map(([seq, symbol]) => ({ seq: Number(seq), kind: 'pattern', symbol }));
}

function headOf(symbols: Record<number, string>): number {
  return Math.max(100, ...Object.keys(symbols).map(Number));
}
