import { CLOSE_CODES } from '../../shared/codes.ts';
import { priorityRank } from '../../shared/priority.ts';
import { Audience } from '../core/audience.ts';
import { type Allowance, type Delivery, type PendingEvent, planFlush } from '../core/flush-plan.ts';
import { FlushWindow } from '../core/flush-window.ts';
import { HUB_QUEUE_BYTES, readerState } from '../core/slow-reader.ts';
import type { Counters } from './counters.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Sockets } from './sockets.ts';
import { addressed, type TapeRow } from './tape.ts';

/** A row that was just appended, with what its delivery is measured by. */
export interface Appended {
  row: TapeRow;
  detectedAtMs: number | null;
  bridgeAtMs: number;
}

/**
 * Sends what was appended to the sessions that are live: holds the pending rows, the one timer, and the position
 * `flushed`, which every position told to a client is at most.
 */
export class Flusher {
  /** The last seq handed to live sessions. */
  flushed: number;
  readonly #epoch: string;
  readonly #sessions: Sessions;
  readonly #sockets: Sockets;
  readonly #counters: Counters;
  readonly #audience: Audience;
  readonly #window = new FlushWindow();
  #pending: Appended[] = [];
  #timer: { id: ReturnType<typeof setTimeout>; dueAtMs: number } | null = null;

  constructor(parts: { epoch: string; head: number; sessions: Sessions; sockets: Sockets; counters: Counters }) {
    this.flushed = parts.head;
    this.#epoch = parts.epoch;
    this.#sessions = parts.sessions;
    this.#sockets = parts.sockets;
    this.#counters = parts.counters;
    this.#audience = new Audience(parts.sessions.index, parts.sessions.ownerOf);
  }

  /** Flushes these rows with what is pending, now or when the window ends. Never waits. */
  push(appended: readonly Appended[], immediate: boolean): void {
    if (appended.length === 0) return;
    this.#pending.push(...appended);
    const dueAtMs = this.#window.dueAtMs({ sessions: this.#sessions.live.size, critical: immediate });
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
    this.flushed = pending.at(-1)!.row.seq;
    const events = pending.filter(({ row }) => row.view.kind !== 'gap');
    try {
      this.#sendAll(pending, events, startedAtMs);
    } catch (error) {
      // Who got what is not known any more: all come again, and resume from what they were told.
      console.error('a flush failed', error);
      for (const number of this.#sessions.live) {
        this.#sockets.close(this.#sessions.byNumber(number)!, CLOSE_CODES.draining);
      }
    }

    const endedAtMs = performance.now();
    this.#window.flushed(startedAtMs, endedAtMs);
    this.#counters.counts.flushes++;
    this.#counters.histograms.flush_ms.add(endedAtMs - startedAtMs);
    const nowMs = Date.now();
    for (const { detectedAtMs, bridgeAtMs } of events) {
      if (detectedAtMs !== null)
        this.#counters.histograms.detection_to_delivery_ms.add(Math.max(0, nowMs - detectedAtMs));
      this.#counters.histograms.bridge_to_delivery_ms.add(Math.max(0, nowMs - bridgeAtMs));
    }
    if (this.#pending.length > 0) this.#timer = { id: setTimeout(() => this.flush(), 0), dueAtMs: endedAtMs };
  }

  #sendAll(pending: readonly Appended[], events: readonly Appended[], startedAtMs: number): void {
    for (const { row } of pending) {
      if (row.view.kind !== 'gap') continue;
      for (const number of this.#sessions.live) this.#sockets.send(this.#sessions.byNumber(number)!, row.body);
    }
    const deliveries = this.#plan(events.map(({ row }) => pendingEvent(row)));
    this.#counters.histograms.plan_ms.add(performance.now() - startedAtMs);
    for (const delivery of deliveries) this.#send(delivery);
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
    const flush = { epoch: this.#epoch, head: this.flushed };
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

  #send({ session: number, frames, ordinary, critical, withheld }: Delivery): void {
    const session = this.#sessions.byNumber(number);
    if (!session || !frames.every(frame => this.#sockets.send(session, frame))) return;
    const nowMs = Date.now();
    session.ordinaryBudget.take(nowMs, ordinary);
    session.criticalBudget.take(nowMs, critical);
    const { counts } = this.#counters;
    counts.deliveries += ordinary + critical;
    counts.rate_limited += withheld?.rate_limited ?? 0;
    counts.skipped += withheld?.skipped ?? 0;
  }
}

function pendingEvent(row: TapeRow): PendingEvent {
  return {
    ...addressed(row),
    body: row.body,
    bytes: row.bytes,
    rank: row.view.priority == null ? priorityRank('medium') : priorityRank(row.view.priority),
    thinBy: JSON.stringify([row.view.kind, row.view.symbol, row.view.pattern_type]),
  };
}
