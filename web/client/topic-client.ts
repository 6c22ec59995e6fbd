import type {
  ClientMessage,
  ErrorFrame,
  Gap,
  HeartbeatFrame,
  Hello,
  LiveFrame,
  Position,
  ReplayFrame,
  ServerMessage,
  Subscribed,
  Withheld,
} from '../../shared/client-protocol.ts';
import type { Event } from '../../shared/events.ts';
import { PROTOCOL_VERSION } from '../../shared/limits.ts';
import { ClockEstimate, type ClockOffset } from './clock-offset.ts';
import { Connection, type LinkState } from './connection.ts';
import { readFrame } from './frames.ts';
import { Listeners } from './listeners.ts';
import { Recent } from './recent.ts';
import type { Runtime } from './runtime.ts';
import type { Loss, SubscriptionRequest } from './subscription-request.ts';
import { Subscriptions } from './subscriptions.ts';

/** Repeats are noticed this far back. */
export const REMEMBERED_SEQS = 10_000;
const REMEMBERED_GAPS = 1_000;
/** What was refused with `rate_limited` is sent again after this. */
const RESEND_AFTER_MS = 1_000;

/** Where a topic stands. The freshness of its data is another matter: `heartbeat` tells that. */
export type TopicState =
  /** Dialling, or waiting for the server's greeting; `attempt` counts the failures in a row before. */
  | { name: 'connecting'; attempt: number }
  /** Connected; not all subscriptions are up to date yet. */
  | { name: 'backfilling' }
  /** Connected and up to date. */
  | { name: 'open' }
  /**
   * Lost; the next attempt is at `retryAtMs` (epoch milliseconds, local clock). The reason is `draining` when the server
   * has asked not to be called before.
   */
  | { name: 'reconnecting'; attempt: number; retryAtMs: number; reason: string }
  /** Disconnected by `sleep`; subscriptions and positions are kept, and `wake` goes on from there. */
  | { name: 'asleep' }
  /** Ended here, or by a close code that forbids coming back; `retryNow` tries all the same unless ended here. */
  | { name: 'closed'; code: number | null; reason: string };

/** The events of one frame. */
export interface EventBatch {
  /** Names the tape's incarnation in which their `seq` counts. */
  epoch: string;
  /** In the order they came; each event of the topic once. */
  events: Event[];
  /** Events that came before, sent again: for drawing a view anew, not for acting on them. */
  repeats: Event[];
  /** The subscription whose backfill this belongs to, and whether it ends here; null = live. */
  replay: { id: string; done: boolean } | null;
  /** Epoch milliseconds, local clock. */
  receivedAtMs: number;
}

export interface ReceivedHeartbeat {
  frame: HeartbeatFrame;
  /** Epoch milliseconds, local clock. */
  receivedAtMs: number;
}

/** Something that should not happen, and did no harm beyond what it says. */
export interface Problem {
  kind: 'unknown_frame' | 'malformed_frame' | 'listener_threw';
  /** The type of the frame, or what was thrown. */
  detail: string;
  /** How many of this kind so far. */
  count: number;
}

/** What listeners can be told. */
export interface Told {
  events: EventBatch;
  state: TopicState;
  /** The server has accepted a subscription: what follows matches its filter. */
  subscribed: Subscribed;
  /** Matching events that were not sent: subscribe again with `resume` before `from` to have them. */
  withheld: Withheld;
  /** Events of a time may never have reached the server. Told once each. */
  gap: Gap;
  /** What a subscription missed cannot be replayed; its snapshot follows. */
  lost: Loss;
  /** The data is fresh: a bridge was alive just now. */
  heartbeat: HeartbeatFrame;
  /** A request was refused; a refused subscription is gone, or as it was before it was replaced. */
  error: ErrorFrame;
  problem: Problem;
}

/**
 * One topic over one connection that is kept up: delivers each matching event once, in spite of reconnects, or tells
 * what was not delivered. Made by `TickstockClient.topic`.
 */
export class TopicClient {
  readonly #runtime: Runtime;
  readonly #connection: Connection;
  readonly #subscriptions = new Subscriptions();
  readonly #seqs = new Recent<number>(REMEMBERED_SEQS);
  readonly #gaps = new Recent<string>(REMEMBERED_GAPS);
  readonly #clock = new ClockEstimate();
  readonly #listeners = new Listeners<Told>((name, thrown) => this.#listenerThrew(name, thrown));
  readonly #problems = { unknown_frame: 0, malformed_frame: 0, listener_threw: 0 };
  #hello: Hello | null = null;
  #heard: ReceivedHeartbeat | null = null;
  #epoch: string | null = null;
  #state: TopicState = { name: 'connecting', attempt: 0 };
  #resendTimer: unknown = null;

  constructor(options: { url: string; runtime: Runtime; ticket?: (() => Promise<string | null>) | undefined }) {
    this.#runtime = options.runtime;
    this.#connection = new Connection({
      ...options,
      onFrame: (data, atMs) => this.#onFrame(data, atMs),
      onRoundTrip: ms => this.#clock.roundTrip(ms),
      onState: state => this.#onLink(state),
    });
    this.#connection.dialNow();
  }

  get state(): TopicState {
    return this.#state;
  }

  /** The greeting of the newest connection, with the limits that the server sets; null before the first. */
  get hello(): Hello | null {
    return this.#hello;
  }

  /** The newest heartbeat of this connection, for who listens only now; null before the first. */
  get heartbeat(): ReceivedHeartbeat | null {
    return this.#heard;
  }

  /** How this clock stands to the server's; null before it was measured. */
  get clockOffset(): ClockOffset | null {
    return this.#clock.offset;
  }

  /** Calls `listener` from now on. @returns a function that ends that */
  on<Name extends keyof Told>(name: Name, listener: (told: Told[Name]) => void): () => void {
    return this.#listeners.on(name, listener);
  }

  /**
   * Adds a subscription, or replaces the one with that id: with another filter it starts anew, with the same it goes on
   * from its position. Can be called at any time; what the server thinks of it comes as `subscribed` or `error`.
   */
  subscribe(request: SubscriptionRequest): void {
    this.#send(this.#subscriptions.set(request));
    this.#refresh();
  }

  unsubscribe(id: string): void {
    this.#send(this.#subscriptions.remove(id));
    this.#refresh();
  }

  /** Up to where a subscription has everything, to be kept and given as `resume` later; null while that is not known. */
  position(id: string): Position | null {
    return this.#subscriptions.positionOf(id);
  }

  /** Connects now: when asleep, instead of at the next attempt, or although a close code forbade it. */
  retryNow(): void {
    this.#connection.dialNow();
  }

  /**
   * To be called when somebody is there again, or the network: connects now, unless the server has asked not to be called
   * yet; asks a connection that seems to stand for a sign of life, and replaces it at once when none comes within 3 s.
   */
  wake(): void {
    this.#connection.wake();
  }

  /** Disconnects without ending anything: `wake` connects again and resumes. Does nothing to one that is closed. */
  sleep(): void {
    this.#connection.sleep();
  }

  /** Ends the connection for good. No timer is left, no listener is called any more after the `closed` state. */
  close(): void {
    this.#connection.close();
    this.#listeners.clear();
  }

  /** Whether `close` was called. */
  get isEnded(): boolean {
    return this.#connection.isEnded;
  }

  #onLink(link: LinkState): void {
    if (link.name !== 'ready') {
      this.#subscriptions.closed();
      this.#runtime.clearTimer(this.#resendTimer);
    }
    this.#refresh(link);
  }

  /** Works out the state and tells it when it is another. */
  #refresh(link: LinkState = this.#connection.state): void {
    const state: TopicState =
      link.name === 'ready' ? { name: this.#subscriptions.isSettled ? 'open' : 'backfilling' } : link;
    const isSame = state.name === this.#state.name && (state.name === 'open' || state.name === 'backfilling');
    if (isSame || state === this.#state) return;
    this.#state = state;
    this.#listeners.tell('state', state);
  }

  #onFrame(data: unknown, atMs: number): void {
    const read = readFrame(data);
    if (read.kind === 'frame') this.#handle(read.frame, atMs);
    else this.#problem(read.kind, read.detail);
  }

  #handle(frame: ServerMessage, atMs: number): void {
    switch (frame.type) {
      case 'hello':
        this.#greeted(frame, atMs);
        break;
      case 'subscribed':
        this.#subscribed(frame);
        break;
      case 'unsubscribed':
        this.#send(this.#subscriptions.unsubscribed(frame.id));
        break;
      case 'events':
        if ('replay' in frame) this.#replayed(frame, atMs);
        else this.#live(frame, atMs);
        break;
      case 'gap':
        this.#gap(frame);
        break;
      case 'heartbeat':
        this.#heartbeat(frame, atMs);
        break;
      case 'error':
        this.#refused(frame);
        break;
      case 'draining':
        this.#connection.drain(frame.retry_after_ms);
        break;
    }
  }

  #greeted(hello: Hello, atMs: number): void {
    if (hello.protocol !== PROTOCOL_VERSION) {
      this.#connection.giveUp(`the server speaks version ${hello.protocol} of the protocol, not ${PROTOCOL_VERSION}`);
      return;
    }
    this.#hello = hello;
    this.#heard = null;
    this.#clock.frame(atMs, hello.server_at_ms);
    this.#enterEpoch(hello.epoch);
    this.#connection.ready();
    this.#send(this.#subscriptions.opened());
    this.#refresh();
  }

  #subscribed(frame: Subscribed): void {
    const { send, loss, isNews } = this.#subscriptions.subscribed(frame);
    this.#send(send);
    if (isNews) this.#listeners.tell('subscribed', frame);
    if (loss) this.#listeners.tell('lost', loss);
    this.#refresh();
  }

  #live(frame: LiveFrame, atMs: number): void {
    const { epoch, head, withheld } = frame;
    const sorted = this.#sort(frame);
    this.#subscriptions.reached({ epoch, seq: head });
    if (frame.events.length > 0) this.#listeners.tell('events', { epoch, ...sorted, replay: null, receivedAtMs: atMs });
    if (withheld) this.#listeners.tell('withheld', withheld);
  }

  /** A backfill of a request that was replaced or taken back is not remembered either: its events can come again. */
  #replayed(frame: ReplayFrame, atMs: number): void {
    const { isWanted, isDone, send } = this.#subscriptions.replayed(frame);
    if (!isWanted) return;
    this.#send(send);
    const replay = { id: frame.id, done: isDone };
    this.#listeners.tell('events', { epoch: frame.epoch, ...this.#sort(frame), replay, receivedAtMs: atMs });
    this.#refresh();
  }

  #sort({ epoch, events }: { epoch: string; events: Event[] }): { events: Event[]; repeats: Event[] } {
    this.#enterEpoch(epoch);
    const fresh: Event[] = [];
    const repeats: Event[] = [];
    for (const event of events) (this.#seqs.add(event.seq) ? fresh : repeats).push(event);
    return { events: fresh, repeats };
  }

  #gap(gap: Gap): void {
    this.#enterEpoch(gap.epoch);
    if (this.#gaps.add(`${gap.seq} ${gap.from} ${gap.to}`)) this.#listeners.tell('gap', gap);
  }

  #heartbeat(frame: HeartbeatFrame, atMs: number): void {
    this.#connection.proved();
    this.#heard = { frame, receivedAtMs: atMs };
    this.#clock.frame(atMs, frame.server_at_ms);
    if (this.#epoch !== null) this.#subscriptions.reached({ epoch: this.#epoch, seq: frame.head });
    this.#listeners.tell('heartbeat', frame);
  }

  #refused(error: ErrorFrame): void {
    this.#send(this.#subscriptions.refused(error));
    if (error.code === 'rate_limited') this.#resendLater();
    this.#listeners.tell('error', error);
    this.#refresh();
  }

  #resendLater(): void {
    this.#runtime.clearTimer(this.#resendTimer);
    this.#resendTimer = this.#runtime.setTimer(() => this.#send(this.#subscriptions.pending()), RESEND_AFTER_MS);
  }

  #enterEpoch(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#seqs.clear();
    this.#gaps.clear();
  }

  #send(messages: ClientMessage[]): void {
    for (const message of messages) this.#connection.send(JSON.stringify(message));
  }

  #listenerThrew(name: keyof Told, thrown: unknown): void {
    // One that throws when told of a problem is counted only: telling it would not end.
    if (name === 'problem') this.#problems.listener_threw++;
    else this.#problem('listener_threw', `${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }

  #problem(kind: Problem['kind'], detail: string): void {
    this.#listeners.tell('problem', { kind, detail, count: ++this.#problems[kind] });
  }
}
