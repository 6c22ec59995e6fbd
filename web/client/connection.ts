import { CLOSE_CODES } from '../../shared/codes.ts';
import { SUBPROTOCOL, TICKET_PREFIX } from '../../shared/limits.ts';
import { closeReason, MAX_DRAIN_MS, retryWaitMs } from './retry.ts';
import type { Runtime, Socket } from './runtime.ts';
import { TicketRefused } from './tickets.ts';

/** From dialling to `hello`, and from a ping to its answer; longer = dead. */
export const ANSWER_MS = 10_000;
/** Between an answered ping and the next. A hidden page's timers run once a minute at worst: the server waits for ten. */
export const PING_EVERY_MS = 25_000;
/** From a check to its answer. Short, as it is asked where a connection is likely to be dead, and somebody may look. */
export const CHECK_MS = 3_000;
/** How often the clock is looked at while connected; so much later than it should be, the machine has slept. */
const TICK_MS = 5_000;
const JUMP_MS = 3_000;
/** A connection that has stood so long was good: the count of failures starts again. */
export const PROVED_AFTER_MS = 5_000;

/** The code of a connection that ended without one (RFC 6455). */
const ABNORMAL = 1006;
const NORMAL = 1000;
const PING = 'ping';
const PONG = 'pong';

/** Where a connection stands. `attempt` counts the failures in a row before it. */
export type LinkState =
  | { name: 'connecting'; attempt: number }
  | { name: 'ready' }
  | { name: 'reconnecting'; attempt: number; retryAtMs: number; reason: string }
  /** Hung up by `sleep`, until `dialNow`. */
  | { name: 'asleep' }
  | { name: 'closed'; code: number | null; reason: string };

export interface ConnectionParts {
  url: string;
  runtime: Runtime;
  /** A fresh ticket for each attempt, or null to go without; absent where none is needed. */
  ticket?: (() => Promise<string | null>) | undefined;
  /** A frame other than the answer to a ping. */
  onFrame(data: unknown, atMs: number): void;
  onRoundTrip(ms: number): void;
  onState(state: LinkState): void;
}

/**
 * Keeps one WebSocket up: dials, notices that it is dead, waits and dials again, for ever, unless a close code forbids
 * it. It knows nothing of what the frames say; its owner tells it what counts: `ready` and `proved`, `drain`.
 */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #runtime: Runtime;
  #state: LinkState = { name: 'connecting', attempt: 0 };
  #socket: Socket | null = null;
  /** Distinguishes a late ticket from the one that is waited for. */
  #dials = 0;
  #failures = 0;
  /** A server that drains does not want to be called before. */
  #notBeforeMs = 0;
  #isEnded = false;
  /** Whether a ticket that the server did not take was replaced once already. */
  #hasRenewed = false;
  #pingedAtMs = 0;
  /** Pings on this connection that are not answered yet. */
  #unanswered = 0;
  #isChecking = false;
  #answeredAtMs = 0;
  #heardAtMs = 0;
  /** One of: the next attempt, the next look at the clock, the end of waiting for an answer. */
  #timer: unknown = null;
  #timerDueAtMs = 0;
  #provedTimer: unknown = null;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#runtime = parts.runtime;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Whether `close` was called. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Dials now: the first time, or ahead of the next attempt, or in spite of a close code. Not after `close`. */
  dialNow(): void {
    if (!this.#isEnded && !this.#isDialled) this.#startDialling();
  }

  /**
   * Somebody is there again, the network is, or the machine has slept: asks a connection for a sign of life, and replaces
   * it at once when none comes; dials where there is none, unless the server drains and wants that later.
   */
  wake(): void {
    if (this.#state.name === 'ready') this.#check();
    else if (this.#drainMs === 0) this.dialNow();
    else if (this.#state.name === 'asleep') this.#waitForDrain();
  }

  /** The server has greeted: the connection can be used. */
  ready(): void {
    if (this.#state.name === 'ready') return;
    this.#provedTimer = this.#runtime.setTimer(() => this.proved(), PROVED_AFTER_MS);
    this.#hasRenewed = false;
    this.#notBeforeMs = 0;
    this.#ping(ANSWER_MS);
    this.#enter({ name: 'ready' });
  }

  /** The connection was good for something. */
  proved(): void {
    this.#failures = 0;
    this.#runtime.clearTimer(this.#provedTimer);
  }

  /** The server is about to close, and asks not to be called before so many milliseconds. */
  drain(retryAfterMs: number): void {
    this.#notBeforeMs = this.#runtime.now() + Math.min(retryAfterMs, MAX_DRAIN_MS);
  }

  /** Does nothing unless the connection is ready. */
  send(text: string): void {
    if (this.#state.name === 'ready') this.#socket?.send(text);
  }

  /** Ends it for good; no timer is left. */
  close(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#hangUp();
    this.#enter({ name: 'closed', code: null, reason: 'closed here' });
  }

  /** Hangs up and starts no timer, until `dialNow`. One that a close code has ended stays ended. */
  sleep(): void {
    if (this.#state.name === 'closed') return;
    this.#hangUp();
    this.#failures = 0;
    this.#enter({ name: 'asleep' });
  }

  /** Hangs up because there is no point in going on; only `dialNow` tries again. */
  giveUp(reason: string): void {
    this.#hangUp();
    this.#enter({ name: 'closed', code: null, reason });
  }

  get #isDialled(): boolean {
    return this.#state.name === 'ready' || (this.#state.name === 'connecting' && this.#dials > 0);
  }

  #startDialling(): void {
    const dial = ++this.#dials;
    this.#setTimer(() => this.#lost(ABNORMAL, 'no answer'), ANSWER_MS);
    this.#enter({ name: 'connecting', attempt: this.#failures });
    // A listener may have closed it.
    if (dial !== this.#dials) return;
    if (this.#parts.ticket) void this.#dialWithTicket(this.#parts.ticket, dial);
    else this.#dial([SUBPROTOCOL]);
  }

  async #dialWithTicket(getTicket: () => Promise<string | null>, dial: number): Promise<void> {
    let ticket: string | null;
    try {
      ticket = await getTicket();
    } catch (cause) {
      if (dial !== this.#dials) return;
      if (cause instanceof TicketRefused) this.#lost(cause.code, cause.message);
      else this.#lost(ABNORMAL, `no ticket: ${messageOf(cause)}`);
      return;
    }
    if (dial === this.#dials) this.#dial([SUBPROTOCOL, ...(ticket === null ? [] : [TICKET_PREFIX + ticket])]);
  }

  #dial(protocols: string[]): void {
    let socket: Socket;
    try {
      socket = this.#runtime.openSocket(this.#parts.url, protocols);
    } catch (cause) {
      this.#lost(ABNORMAL, messageOf(cause));
      return;
    }
    this.#socket = socket;
    socket.onclose = ({ code, reason }) => this.#closed(code, reason, protocols.length > 1);
    socket.onmessage = ({ data }) => this.#heard(data);
  }

  #heard(data: unknown): void {
    this.#heardAtMs = this.#runtime.now();
    if (data === PONG) this.#ponged();
    else this.#parts.onFrame(data, this.#heardAtMs);
  }

  #ping(answerMs: number): void {
    this.#pingedAtMs = this.#runtime.now();
    this.#heardAtMs = this.#pingedAtMs;
    this.#unanswered++;
    this.#socket?.send(PING);
    this.#setTimer(() => this.#awaitPong(answerMs), answerMs);
  }

  #check(): void {
    if (this.#isChecking) return;
    this.#isChecking = true;
    this.#ping(CHECK_MS);
  }

  /** An answer can stand behind a long queue of frames: while those arrive, the connection lives. */
  #awaitPong(answerMs: number): void {
    const silentMs = this.#runtime.now() - this.#heardAtMs;
    if (silentMs < answerMs) this.#setTimer(() => this.#awaitPong(answerMs), answerMs - silentMs);
    else if (this.#isChecking) this.#replace();
    // The answer may have come while the machine slept, and wait to be read.
    else if (this.#isLate) this.#check();
    else this.#lost(ABNORMAL, 'no answer');
  }

  #ponged(): void {
    if (this.#state.name !== 'ready' || this.#unanswered === 0) return;
    this.#unanswered--;
    // The answer to an earlier ping: a sign of life, but when it was asked for is not known any more.
    if (this.#unanswered > 0) return;
    this.#isChecking = false;
    this.#answeredAtMs = this.#heardAtMs;
    this.#parts.onRoundTrip(this.#heardAtMs - this.#pingedAtMs);
    this.#setTimer(() => this.#tick(), TICK_MS);
  }

  #tick(): void {
    if (this.#isLate) this.#check();
    else if (this.#runtime.now() - this.#answeredAtMs >= PING_EVERY_MS) this.#ping(ANSWER_MS);
    else this.#setTimer(() => this.#tick(), TICK_MS);
  }

  /** A check was not answered. What is gone is this machine's way to the server, so there is nobody to be spared. */
  #replace(): void {
    this.#hangUp();
    this.#failures++;
    this.#startDialling();
  }

  /** A ticket that the server does not take may have become too old on its way: one more is tried. */
  #closed(code: number, reason: string, hadTicket: boolean): void {
    const isRenewed = code === CLOSE_CODES.ticket_invalid.code && hadTicket && !this.#hasRenewed;
    this.#hasRenewed ||= isRenewed;
    this.#lost(isRenewed ? ABNORMAL : code, closeReason(code, reason));
  }

  #lost(code: number, reason: string): void {
    this.#hangUp();
    this.#failures++;
    const drainMs = this.#drainMs;
    const waitMs = retryWaitMs({ code, failures: this.#failures, drainMs }, this.#runtime.random());
    if (waitMs === null) this.#enter({ name: 'closed', code, reason: closeReason(code, reason) });
    else this.#retryIn(waitMs, drainMs > 0 ? CLOSE_CODES.draining.means : closeReason(code, reason));
  }

  #waitForDrain(): void {
    const { code, means } = CLOSE_CODES.draining;
    const ended = { code, failures: 1, drainMs: this.#drainMs };
    this.#retryIn(retryWaitMs(ended, this.#runtime.random())!, means);
  }

  #retryIn(waitMs: number, reason: string): void {
    this.#setTimer(() => this.dialNow(), waitMs);
    const retryAtMs = this.#runtime.now() + waitMs;
    this.#enter({ name: 'reconnecting', attempt: this.#failures, retryAtMs, reason });
  }

  /** How long a server that drains still wants not to be called. */
  get #drainMs(): number {
    return Math.max(0, this.#notBeforeMs - this.#runtime.now());
  }

  /** Lets go of the socket at once: the end of a dead one can be minutes in coming. */
  #hangUp(): void {
    this.#dials++;
    this.#unanswered = 0;
    this.#isChecking = false;
    this.#runtime.clearTimer(this.#timer);
    this.#runtime.clearTimer(this.#provedTimer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close(NORMAL);
  }

  #setTimer(run: () => void, afterMs: number): void {
    this.#runtime.clearTimer(this.#timer);
    this.#timerDueAtMs = this.#runtime.now() + afterMs;
    this.#timer = this.#runtime.setTimer(run, afterMs);
  }

  /** Whether the timer that runs now does so so late that the machine must have slept. */
  get #isLate(): boolean {
    return this.#runtime.now() - this.#timerDueAtMs > JUMP_MS;
  }

  #enter(state: LinkState): void {
    this.#state = state;
    this.#parts.onState(state);
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
