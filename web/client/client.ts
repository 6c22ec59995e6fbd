import type { Topic } from '../../shared/topics.ts';
import { defaultRuntime, type Runtime } from './runtime.ts';
import { TopicClient } from './topic-client.ts';

export type {
  ErrorFrame,
  Gap,
  HeartbeatFrame,
  Hello,
  Position,
  Subscribed,
  Withheld,
} from '../../shared/client-protocol.ts';
export type { Event, PatternEvent } from '../../shared/events.ts';
export type { Filter } from '../../shared/filter.ts';
export type { Topic } from '../../shared/topics.ts';
export type { ClockOffset } from './clock-offset.ts';
export type { Runtime, Socket } from './runtime.ts';
export type { Loss, SubscriptionRequest } from './subscriptions.ts';
export type { EventBatch, Problem, Told, TopicClient, TopicState } from './topic-client.ts';

export interface ClientOptions {
  /** Where the server is: `wss://host`, `https://host` or with a path before `/ws`. */
  url: string;
  /** Gets a single-use ticket for a topic, before each attempt to connect. Absent where the server asks for none. */
  ticket?: (topic: Topic) => Promise<string>;
  /** The platform's own by default. */
  runtime?: Runtime;
}

/**
 * The client of the protocol `tickstock.v1`, without DOM and dependencies: browsers, and Node from 22 on.
 *
 *     const client = new TickstockClient({ url: 'ws://127.0.0.1:8787' });
 *     const daily = client.topic('daily');
 *     daily.on('events', ({ events }) => console.log(events));
 *     daily.on('state', state => console.log(state.name));
 *     daily.subscribe({ id: 'mine', filter: { symbols: ['AAPL'], confidence_min: 0.7 }, snapshot: 50 });
 */
export class TickstockClient {
  readonly #url: string;
  readonly #ticket: ClientOptions['ticket'];
  readonly #runtime: Runtime;
  readonly #topics = new Map<Topic, TopicClient>();

  constructor({ url, ticket, runtime = defaultRuntime() }: ClientOptions) {
    this.#url = url.replace(/^http/, 'ws').replace(/\/+$/, '');
    this.#ticket = ticket;
    this.#runtime = runtime;
  }

  /** The topic's one connection; connects the first time it is asked for, and anew after it was closed. */
  topic(topic: Topic): TopicClient {
    const known = this.#topics.get(topic);
    if (known && !known.isEnded) return known;
    const ticket = this.#ticket;
    const made = new TopicClient({
      url: `${this.#url}/ws/${topic}`,
      runtime: this.#runtime,
      ticket: ticket && (() => ticket(topic)),
    });
    this.#topics.set(topic, made);
    return made;
  }

  /**
   * Disconnects all topics, for a page that nobody has looked at for long: the server has nothing to do for it, no timer
   * is left, and `wake` resumes where each subscription stood.
   */
  sleep(): void {
    for (const topic of this.#topics.values()) topic.sleep();
  }

  /** `wake` of all topics: for when a page is shown or restored, or the network is another. A machine's sleep is noticed here. */
  wake(): void {
    for (const topic of this.#topics.values()) topic.wake();
  }

  /** `retryNow` of all topics: for when somebody asks for it. */
  retryNow(): void {
    for (const topic of this.#topics.values()) topic.retryNow();
  }

  /** Ends all connections. No timer is left. */
  close(): void {
    for (const topic of this.#topics.values()) topic.close();
    this.#topics.clear();
  }
}
