import { CLOSE_CODES } from '../../shared/codes.ts';
import type { Event } from '../../shared/events.ts';
import { priorityRank } from '../../shared/priority.ts';
import { Audience } from '../core/audience.ts';
import { type Allowance, type Delivery, type PendingEvent, planFlush } from '../core/flush-plan.ts';
import { FlushWindow } from '../core/flush-window.ts';
import { gapFrame } from '../core/frames.ts';
import { newReach, type ReachLog } from '../core/reach.ts';
import { HUB_QUEUE_BYTES, readerState } from '../core/slow-reader.ts';
import type { Counters } from './counters.ts';
import { countDelivery } from './hops.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Sockets } from './sockets.ts';
import { addressed, type TapeRow } from './tape.ts';

/** A row that was just appended, with its event; null = it is a gap. */
export interface Appended {
  row: TapeRow;
  event: Event | null;
}

/**
 * Sends what was appended to the sessions that are live: holds the pending rows, the one timer, and the position
 * `flushed`, which every position told to a client is at most.
 */
export class Flusher {
  readonly #epochOf: () => string;
  readonly #beforeFlush: (flushed: readonly Appended[], after: number) => void;
  readonly #sessionsBelow: () => number;
  readonly #sessions: Sessions;
  readonly #sockets: Sockets;
  readonly #counters: Counters;
  readonly #reachLog: ReachLog;
  readonly #audience: Audience;
  readonly #window = new FlushWindow();
  #flushed: number;
  #pending: Appended[] = [];
  #timer: { id: ReturnType<typeof setTimeout>; dueAtMs: number } | null = null;

  constructor(parts: {
    epochOf: () => string;
    head: number;
    /** Called with what a flush takes, before any session gets it, and with the position before. */
    beforeFlush: (flushed: readonly Appended[], after: number) => void;
    /** The most sessions that one of the objects has that get it from here. */
    sessionsBelow: () => number;
    sessions: Sessions;
    sockets: Sockets;
    counters: Counters;
    reachLog: ReachLog;
  }) {
    this.#flushed = parts.head;
    this.#epochOf = parts.epochOf;
    this.#beforeFlush = parts.beforeFlush;
    this.#sessionsBelow = parts.sessionsBelow;
    this.#sessions = parts.sessions;
    this.#sockets = parts.sockets;
    this.#counters = parts.counters;
    this.#reachLog = parts.reachLog;
    this.#audience = new Audience(parts.sessions.index, parts.sessions.ownerOf);
  }

  /** The last seq handed to live sessions. */
  get flushed(): number {
    return this.#flushed;
  }

  /** The last seq that was pushed or passed: what comes after `flushed` waits for its turn. */
  get taken(): number {
    return this.#pending.at(-1)?.row.seq ?? this.#flushed;
  }

  /** Goes on from a position elsewhere: nobody is there to get what waits. */
  skipTo(seq: number): void {
    if (this.#timer) clearTimeout(this.#timer.id);
    this.#timer = null;
    this.#pending = [];
    this.#flushed = seq;
  }

  /** Flushes these rows at once, with what is pending. */
  pass(appended: readonly Appended[]): void {
    this.#pending.push(...appended);
    this.flush();
  }

  /** Flushes these rows with what is pending, now or when the window ends. Never waits. */
  push(appended: readonly Appended[], immediate: boolean): void {
    if (appended.length === 0) return;
    this.#pending.push(...appended);
    const dueAtMs = this.#window.dueAtMs({ framesBelow: this.#sessionsBelow(), critical: immediate });
    const nowMs = performance.now();
    if (dueAtMs <= nowMs) {
      this.flush();
    } else if (!this.#timer || dueAtMs < this.#timer.dueAtMs) {
      if (this.#timer) clearTimeout(this.#timer.id);
      this.#timer = { id: setTimeout(() => this.flush(), dueAtMs - nowMs), dueAtMs };
    }
  }

  /**
   * Hands what is pending to the live sessions; what would queue too much for all of them together waits for the next
   * turn, in which sockets have sent some.
   */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer.id);
    this.#timer = null;
    const pending = this.#takePending();
    if (pending.length === 0) return;
    const startedAtMs = performance.now();
    const { counts } = this.#counters;
    const framesBefore = counts.frames;
    const after = this.#flushed;
    this.#flushed = pending.at(-1)!.row.seq;
    this.#beforeFlush(pending, after);
    let sent: ReadonlySet<readonly PendingEvent[]> = new Set();
    try {
      sent = this.#sendAll(pending, startedAtMs);
    } catch (error) {
      // Who got what is not known any more: all come again, and resume from what they were told.
      console.error('a flush failed', error);
      for (const { row } of pending) this.#reachLog.forget(row.seq);
      for (const number of this.#sessions.live) {
        this.#sockets.close(this.#sessions.byNumber(number)!, CLOSE_CODES.draining);
      }
    }

    const endedAtMs = performance.now();
    this.#window.flushed(startedAtMs, endedAtMs, counts.frames - framesBefore);
    counts.flushes++;
    this.#counters.histograms.flush_ms.add(endedAtMs - startedAtMs);
    this.#countDelivered(pending, sent, Date.now());
    if (this.#pending.length > 0) this.#timer = { id: setTimeout(() => this.flush(), 0), dueAtMs: endedAtMs };
  }

  /** @returns the lists of events that a socket took */
  #sendAll(pending: readonly Appended[], startedAtMs: number): Set<readonly PendingEvent[]> {
    for (const { row, event } of pending) {
      if (event) continue;
      const frame = gapFrame(row);
      for (const number of this.#sessions.live) this.#sockets.send(this.#sessions.byNumber(number)!, frame);
    }
    const { live, size } = this.#sessions;
    const facts = { atMs: Date.now(), live: live.size, behind: size - live.size };
    const planned = pending.filter(({ event }) => event).map(({ row }) => pendingEvent(row));
    const deliveries = this.#plan(planned);
    this.#counters.histograms.plan_ms.add(performance.now() - startedAtMs);
    const sent = new Set<readonly PendingEvent[]>();
    for (const delivery of deliveries) if (this.#send(delivery)) sent.add(delivery.events);
    for (const { seq, reach } of planned) this.#reachLog.flushed(seq, reach, facts);
    return sent;
  }

  /** Once for each event that at least one session got, when the last of them was sent it. */
  #countDelivered(pending: readonly Appended[], sent: ReadonlySet<readonly PendingEvent[]>, nowMs: number): void {
    const seqs = new Set([...sent].flatMap(events => events.map(({ seq }) => seq)));
    for (const { event } of pending) if (event && seqs.has(event.seq)) countDelivery(this.#counters, event, nowMs);
  }

  /** Whether a row is for a session, as if it were live; groups share a row as its flush did. */
  isFor(session: Session, row: TapeRow): boolean {
    const only = {
      has: (number: number) => number === session.number,
      [Symbol.iterator]: () => [session.number].values(),
    };
    return this.#audience.find(addressed(row), only) > 0;
  }

  #takePending(): Appended[] {
    const mostBytes = HUB_QUEUE_BYTES / Math.max(1, this.#sessions.live.size);
    let count = 0;
    let bytes = 0;
    for (const { row } of this.#pending) {
      bytes += row.bytes;
      if (count > 0 && bytes > mostBytes) break;
      count++;
    }
    return this.#pending.splice(0, count);
  }

  #plan(events: PendingEvent[]): Delivery[] {
    const nowMs = Date.now();
    const flush = { epoch: this.#epochOf(), head: this.#flushed };
    return planFlush(flush, events, this.#audience, this.#sessions.live, number =>
      this.#allowance(this.#sessions.byNumber(number)!, nowMs),
    );
  }

  #allowance(session: Session, nowMs: number): Allowance | null {
    const reader = readerState(session.socket.bufferedAmount, this.#sockets.queuedBytes(nowMs));
    if (reader === 'too_slow') {
      this.#sockets.close(session, CLOSE_CODES.slow_reader);
      return null;
    }
    return {
      ordinary: session.ordinaryBudget.available(nowMs),
      critical: session.criticalBudget.available(nowMs),
      thinned: reader === 'thinned',
    };
  }

  /** @returns whether the session's socket took all of it */
  #send({ session: number, events, frames, ordinary, critical, withheld }: Delivery): boolean {
    const session = this.#sessions.byNumber(number);
    if (!session || !frames.every(frame => this.#sockets.send(session, frame))) {
      for (const { reach } of events) reach.closed++;
      return false;
    }
    const nowMs = Date.now();
    session.ordinaryBudget.take(nowMs, ordinary);
    session.criticalBudget.take(nowMs, critical);
    const { counts } = this.#counters;
    counts.deliveries += ordinary + critical;
    session.delivered += ordinary + critical;
    for (const reason of ['rate_limited', 'skipped'] as const) {
      const left = withheld?.[reason] ?? 0;
      counts[reason] += left;
      session.withheldCounts[reason] += left;
    }
    if (withheld) this.#sessions.noteWithheld(session, withheld);
    return true;
  }
}

function pendingEvent(row: TapeRow): PendingEvent {
  return {
    ...addressed(row),
    body: row.body,
    bytes: row.bytes,
    rank: row.view.priority == null ? priorityRank('medium') : priorityRank(row.view.priority),
    thinBy: JSON.stringify([row.view.kind, row.view.symbol, row.view.pattern_type]),
    reach: newReach(),
  };
}
