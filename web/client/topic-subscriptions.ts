import type { ErrorFrame, Gap, HeartbeatFrame, Position, Subscribed, Withheld } from '../../shared/client-protocol.ts';
import type { ErrorCode } from '../../shared/codes.ts';
import type { Event } from '../../shared/events.ts';
import type { Filter } from '../../shared/filter.ts';
import { matches } from '../../shared/matches.ts';
import type { Topic } from '../../shared/topics.ts';
import type { EventOf } from './event-of.ts';
import { Recent } from './recent.ts';
import type { SubscriptionRequest } from './subscription-request.ts';
import { type EventBatch, REMEMBERED_SEQS, type TopicClient, type TopicState } from './topic-client.ts';

/** Events of one subscription, as they came in one frame. */
export interface Delivery<T extends Topic = Topic> {
  /** Those that match the subscription's filter, each once, in the order in which they came; empty only where `replay` is done. */
  events: EventOf<T>[];
  /** Stored events that were asked for with `snapshot` or `resume`, or missed while disconnected, oldest first; null = live. */
  replay: {
    /** Whether these were the last of them: what follows is live. */
    done: boolean;
  } | null;
  /** Names the tape's incarnation in which their `seq` counts. */
  epoch: string;
  /** Epoch milliseconds, local clock. */
  receivedAtMs: number;
}

/** What a subscription tells. Only `onEvents` is required; what is told of a connection is told to all of its subscriptions. */
export interface Handlers<T extends Topic = Topic> {
  onEvents(delivery: Delivery<T>): void;
  /** Events of a time may never have reached the server. Once each. */
  onGap?(gap: Gap): void;
  /** Events that matched were not sent: some of those from `from` to `to`, of this subscription or another of its topic. */
  onWithheld?(withheld: Withheld): void;
  /** What was missed after `since` cannot be replayed; the snapshot follows instead. */
  onLost?(lost: { since: Position }): void;
  onState?(state: TopicState): void;
  /** The data is fresh: a bridge was alive just now. None for 45 s: it may be old. */
  onHeartbeat?(heartbeat: HeartbeatFrame): void;
  /** Nothing more will come. Without this handler the error is thrown where nobody catches it. */
  onError?(error: SubscriptionError): void;
}

/** Why a subscription ended that nobody closed. */
export class SubscriptionError extends Error {
  override readonly name = 'SubscriptionError';
  /**
   * Text: the server refused the subscription, with this code. A number: the connection was closed with this code, which
   * forbids coming back; `retryNow` tries all the same. null: likewise, for a reason that has no code.
   */
  readonly code: ErrorCode | number | null;

  constructor(code: ErrorCode | number | null, message: string) {
    super(message);
    this.code = code;
  }
}

interface Entry {
  handlers: Handlers;
  /** As the server understands it; null while this connection's server does not know of it: what is live is not for it. */
  filter: Filter | null;
  /** What it has been given of `epoch`. */
  seen: Recent<number>;
  epoch: string | null;
}

/**
 * Gives each subscription of one topic what is its own. The server sends an event once, however many subscriptions of the
 * session it matches, and does not say which: live events are matched here, by the same definition.
 */
export class TopicSubscriptions {
  readonly #link: TopicClient;
  readonly #later: (run: () => void) => void;
  readonly #entries = new Map<string, Entry>();

  /** @param later runs something soon, from where what it throws is caught by nobody */
  constructor(link: TopicClient, later: (run: () => void) => void) {
    this.#link = link;
    this.#later = later;
    link.on('state', state => this.#onState(state));
    link.on('subscribed', frame => this.#onSubscribed(frame));
    link.on('events', batch => this.#onEvents(batch));
    link.on('error', frame => this.#onRefused(frame));
    link.on('lost', ({ id, since }) => this.#tell(id, ({ onLost }) => onLost?.({ since })));
    link.on('gap', gap => this.#tellAll(({ onGap }) => onGap?.(gap)));
    link.on('withheld', withheld => this.#tellAll(({ onWithheld }) => onWithheld?.(withheld)));
    link.on('heartbeat', heartbeat => this.#tellAll(({ onHeartbeat }) => onHeartbeat?.(heartbeat)));
  }

  get link(): TopicClient {
    return this.#link;
  }

  /** Tells the handlers nothing before it returns. */
  add(request: SubscriptionRequest, handlers: Handlers): void {
    this.#link.subscribe(request);
    const { id } = request;
    this.#entries.set(id, { handlers, filter: null, seen: new Recent<number>(REMEMBERED_SEQS), epoch: null });
    if (this.#link.state.name === 'closed') this.#later(() => this.#closed(id));
  }

  remove(id: string): void {
    if (this.#entries.delete(id)) this.#link.unsubscribe(id);
  }

  #onState(state: TopicState): void {
    if (state.name !== 'open' && state.name !== 'backfilling') {
      for (const entry of this.#entries.values()) entry.filter = null;
    }
    this.#tellAll(({ onState }) => onState?.(state));
    for (const id of [...this.#entries.keys()]) this.#closed(id);
  }

  #onSubscribed({ id, filter }: Subscribed): void {
    const entry = this.#entries.get(id);
    if (entry) entry.filter = filter;
  }

  #onEvents({ events, repeats, replay, epoch, receivedAtMs }: EventBatch): void {
    // In their order again: where some are repeats, all came oldest first.
    const all = repeats.length === 0 ? events : [...events, ...repeats].sort((a, b) => a.seq - b.seq);
    for (const [id, entry] of [...this.#entries]) {
      const own = takeNew(
        entry,
        epoch,
        replay ? (replay.id === id ? all : []) : all.filter(event => wants(entry, event)),
      );
      const isDone = replay?.id === id && replay.done;
      if (own.length === 0 && !isDone) continue;
      const delivery = {
        events: own as EventOf<Topic>[],
        replay: replay && { done: replay.done },
        epoch,
        receivedAtMs,
      };
      this.#tell(id, ({ onEvents }) => onEvents(delivery));
    }
  }

  #onRefused({ id, code, message }: ErrorFrame): void {
    // That one is sent again.
    if (id === undefined || code === 'rate_limited') return;
    this.#failed(id, new SubscriptionError(code, message));
    this.#entries.delete(id);
  }

  #closed(id: string): void {
    const { state, isEnded } = this.#link;
    if (state.name === 'closed' && !isEnded) this.#failed(id, new SubscriptionError(state.code, state.reason));
  }

  #failed(id: string, error: SubscriptionError): void {
    this.#tell(id, ({ onError }) => {
      if (!onError) throw error;
      onError(error);
    });
  }

  #tellAll(tell: (handlers: Handlers) => void): void {
    for (const id of [...this.#entries.keys()]) this.#tell(id, tell);
  }

  #tell(id: string, tell: (handlers: Handlers) => void): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    try {
      tell(entry.handlers);
    } catch (thrown) {
      this.#later(() => {
        throw thrown;
      });
    }
  }
}

function wants({ filter }: Entry, event: Event): boolean {
  return filter !== null && matches(filter, event);
}

/** Those that the subscription was not given before. */
function takeNew(entry: Entry, epoch: string, events: readonly Event[]): Event[] {
  if (epoch !== entry.epoch) {
    entry.seen.clear();
    entry.epoch = epoch;
  }
  return events.filter(({ seq }) => entry.seen.add(seq));
}
