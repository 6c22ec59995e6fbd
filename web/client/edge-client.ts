import type { Position } from '../../shared/client-protocol.ts';
import type { Filter } from '../../shared/filter.ts';
import { TOPICS, type Topic } from '../../shared/topics.ts';
import { checkFilter } from './check-filter.ts';
import { type ClientOptions, TickstockClient } from './client.ts';
import type { FilterBuilder } from './filter-builder.ts';
import { defaultRuntime, type Runtime } from './runtime.ts';
import type { TopicState } from './topic-client.ts';
import { type Handlers, TopicSubscriptions } from './topic-subscriptions.ts';

/** What to subscribe to, and who is told. */
export interface SubscribeOptions<T extends Topic = Topic> extends Handlers<T> {
  topic: T;
  /** Which events; absent = every pattern of a tier, everything on `system`. */
  filter?: Filter | FilterBuilder | undefined;
  /** The newest so many stored events that match, first (0-200; default 0). */
  snapshot?: number | undefined;
  /** Everything that matches after this position, first; wins over `snapshot` while it can be honoured. */
  resume?: Position | null | undefined;
}

/** A subscription that stands until it is closed; it survives reconnects, and continues where it was. */
export interface Subscription {
  readonly topic: Topic;
  /** Where the connection of its topic stands. */
  readonly state: TopicState;
  /** Up to where it has everything, to be kept and given as `resume` later; null while that is not known. */
  readonly position: Position | null;
  /** Ends it: no handler is called any more. Its topic stays connected. */
  close(): void;
}

/**
 * A client of the server at `url`. Connects when something is subscribed to, one connection for each topic.
 *
 *     const edge = connect({ url: 'http://127.0.0.1:8787' });
 *     edge.subscribe({ topic: 'daily', filter: { confidence_min: 0.7 }, onEvents: ({ events }) => console.log(events) });
 *
 * @throws TypeError when `url` is not one of http, https, ws or wss
 */
export function connect(options: ClientOptions): EdgeClient {
  return new EdgeClient(options);
}

/** What `connect` gives. */
export class EdgeClient extends TickstockClient {
  readonly #runtime: Runtime;
  readonly #byTopic = new Map<Topic, TopicSubscriptions>();
  #count = 0;

  constructor(options: ClientOptions) {
    if (!/^(http|ws)s?:\/\/[^/]/.test(options.url)) throw new TypeError('url: expected http(s)://host or ws(s)://host');
    const runtime = options.runtime ?? defaultRuntime();
    super({ ...options, runtime });
    this.#runtime = runtime;
  }

  /**
   * Subscribes until the subscription is closed. The handlers are called later, never from within.
   * @throws BadFilterError when the server would refuse the filter; TypeError when there is no such topic
   */
  subscribe<T extends Topic>({ topic, filter, snapshot, resume, ...handlers }: SubscribeOptions<T>): Subscription {
    if (!TOPICS.includes(topic)) throw new TypeError(`topic: expected one of ${TOPICS.join(', ')}`);
    const checked = checkFilter(topic, filter ?? {});
    const subscriptions = this.#subscriptionsOf(topic);
    const { link } = subscriptions;
    const id = `subscription-${++this.#count}`;
    const request = { id, filter: checked, ...(snapshot !== undefined && { snapshot }), ...(resume && { resume }) };
    // Events of this topic are of the kinds that `T` says.
    subscriptions.add(request, handlers as unknown as Handlers);
    return {
      topic,
      get state() {
        return link.state;
      },
      get position() {
        return link.position(id);
      },
      close: () => subscriptions.remove(id),
    };
  }

  #subscriptionsOf(topic: Topic): TopicSubscriptions {
    const link = this.topic(topic);
    const known = this.#byTopic.get(topic);
    if (known?.link === link) return known;
    // What is thrown there the program's own means show: a browser's console, the end of a Node process.
    const made = new TopicSubscriptions(link, run => this.#runtime.setTimer(run, 0));
    this.#byTopic.set(topic, made);
    return made;
  }
}
