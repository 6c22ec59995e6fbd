import type { Topic } from '../../shared/topics.ts';
import { Rest, type TokenSource } from './rest.ts';
import { defaultRuntime, type HttpAnswer, type HttpRequest, type Runtime } from './runtime.ts';
import { Tickets } from './tickets.ts';
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
export type { HttpAnswer, HttpRequest, Runtime, Socket } from './runtime.ts';
export type { Loss, SubscriptionRequest } from './subscription-request.ts';
export type { EventBatch, Problem, ReceivedHeartbeat, Told, TopicClient, TopicState } from './topic-client.ts';

export interface ClientOptions {
  /** Where the server is: `wss://host`, `https://host` or with a path before `/ws`. */
  url: string;
  /**
   * Gives the bearer token of the user, where the server knows its users: it goes with each request over HTTP, and gets a
   * single-use ticket for each connection. Called each time, so that it can be renewed; an empty one goes without.
   */
  token?: TokenSource | undefined;
  /** Told each time that the server asks for a token, or has not accepted the one it got, with what it says of it. */
  onUnauthorised?: ((detail: string) => void) | undefined;
  /** The platform's own by default. */
  runtime?: Runtime | undefined;
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
  readonly #runtime: Runtime;
  readonly #rest: Rest;
  readonly #tickets: Tickets | null;
  readonly #topics = new Map<Topic, TopicClient>();

  constructor({ url, token, onUnauthorised, runtime = defaultRuntime() }: ClientOptions) {
    this.#url = url.replace(/^ws/, 'http').replace(/\/+$/, '');
    this.#runtime = runtime;
    this.#rest = new Rest({ url: this.#url, runtime, token, onUnauthorised });
    this.#tickets = token ? new Tickets(this.#rest) : null;
  }

  /** The topic's one connection; connects the first time it is asked for, and anew after it was closed. */
  topic(topic: Topic): TopicClient {
    const known = this.#topics.get(topic);
    if (known && !known.isEnded) return known;
    const tickets = this.#tickets;
    const made = new TopicClient({
      url: `${this.#url.replace(/^http/, 'ws')}/ws/${topic}`,
      runtime: this.#runtime,
      ticket: tickets ? () => tickets.get(topic) : undefined,
    });
    this.#topics.set(topic, made);
    return made;
  }

  /**
   * Asks the server over HTTP, e.g. for `/api/patterns/daily`, with the token where there is one. Gives the answer,
   * whatever its status.
   * @throws what the platform's `fetch` throws, or `token`
   */
  request(path: string, request?: HttpRequest): Promise<HttpAnswer> {
    return this.#rest.request(path, request);
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
