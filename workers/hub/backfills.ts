import { CLOSE_CODES } from '../../shared/codes.ts';
import { matches } from '../../shared/matches.ts';
import { liveFrames, replayFrame, splitIntoFrames } from '../core/frames.ts';
import { isOverfull, readerState, THIN_FROM_BYTES } from '../core/slow-reader.ts';
import type { Counters } from './counters.ts';
import type { Flusher } from './flusher.ts';
import type { Backfill, Session, Sessions, Snapshot } from './sessions.ts';
import type { Sockets } from './sockets.ts';
import { ROUTING, type Tape, type TapeRow } from './tape.ts';

/** Rows read for one session in one turn. */
export const ROWS_A_TURN = 500;
/** And no more once they have this many bytes, which is what a socket may have queued. */
const BYTES_A_TURN = THIN_FROM_BYTES;
/** Rows looked at in one turn for a snapshot: SQLite filters them, few come out. */
const SNAPSHOT_ROWS_A_TURN = 5_000;
/** How long to wait when none of the sessions that are behind reads. */
const BLOCKED_PAUSE_MS = 20;
/** A session that is behind and does not read for this long is closed. */
const MAX_BLOCKED_MS = 30_000;

/**
 * Sends stored events to sessions that resumed or asked for a snapshot, and brings them back to live.
 *
 * A session with a backfill gets nothing live. Its backfills run one after another, each up to the position the session
 * had when it left live; then it reads on from there, through all its subscriptions, and is live again in the turn in
 * which it reaches `flushed`. So nothing is queued in memory, nothing comes twice and nothing is passed over. Sessions
 * take turns; what paces them is how fast each reads, not the rate limit.
 */
export class Backfills {
  readonly #tape: Tape;
  readonly #sessions: Sessions;
  readonly #sockets: Sockets;
  readonly #flusher: Flusher;
  readonly #counters: Counters;
  readonly #behind = new Set<Session>();
  #isRunning = false;

  constructor(parts: { tape: Tape; sessions: Sessions; sockets: Sockets; flusher: Flusher; counters: Counters }) {
    this.#tape = parts.tape;
    this.#sessions = parts.sessions;
    this.#sockets = parts.sockets;
    this.#flusher = parts.flusher;
    this.#counters = parts.counters;
  }

  /** Sessions that are not live. */
  get size(): number {
    return this.#behind.size;
  }

  /** Queues a backfill for a subscription; the session leaves live where it stands. */
  start(session: Session, backfill: Backfill): void {
    if (session.behindAt === null) this.#sessions.leaveLive(session, this.#flusher.flushed);
    session.backfills.push(backfill);
    this.#behind.add(session);
    if (!this.#isRunning) void this.#run();
  }

  /** Forgets a session that was closed. */
  end(session: Session): void {
    this.#behind.delete(session);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      // The message that started this has its own frames to send first.
      await scheduler.wait(0);
      while (this.#behind.size > 0) {
        let anyServed = false;
        for (const session of [...this.#behind]) {
          if (!this.#behind.has(session) || !this.#canBeServed(session)) continue;
          this.#tryServe(session);
          anyServed = true;
          await scheduler.wait(0);
        }
        if (!anyServed && this.#behind.size > 0) await scheduler.wait(BLOCKED_PAUSE_MS);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  #canBeServed(session: Session): boolean {
    const nowMs = Date.now();
    if (this.#sessions.bySocket(session.socket) !== session || session.socket.readyState !== WebSocket.OPEN) {
      this.#behind.delete(session);
      return false;
    }
    if (this.#keepsUp(session, nowMs)) {
      session.blockedSinceMs = null;
      // What others have not read is no fault of this session's: it waits as long as it takes.
      return !isOverfull(this.#sockets.queuedBytes(nowMs));
    }
    session.blockedSinceMs ??= nowMs;
    if (nowMs - session.blockedSinceMs > MAX_BLOCKED_MS) this.#close(session, CLOSE_CODES.slow_reader);
    return false;
  }

  #keepsUp(session: Session, nowMs: number): boolean {
    return readerState(session.socket.bufferedAmount, this.#sockets.queuedBytes(nowMs)) === 'keeps_up';
  }

  /** A session that cannot be served comes again and resumes; the others are served all the same. */
  #tryServe(session: Session): void {
    try {
      this.#serve(session);
    } catch (error) {
      console.error('a backfill failed', error);
      this.#close(session, CLOSE_CODES.draining);
    }
  }

  /** One turn of one session. */
  #serve(session: Session): void {
    const backfill = session.backfills[0];
    if (backfill) {
      if (this.#turn(session, backfill)) session.backfills = session.backfills.filter(other => other !== backfill);
    } else {
      this.#catchUp(session);
    }
    const isClosed = this.#sessions.bySocket(session.socket) !== session;
    if (isClosed || session.backfills.length > 0 || session.behindAt !== this.#flusher.flushed) return;
    // With what it has just been sent still unread it would be thinned out as a slow reader at the next flush.
    if (!this.#keepsUp(session, Date.now())) return;
    this.#behind.delete(session);
    this.#sessions.joinLive(session);
  }

  /** @returns whether the backfill is done */
  #turn(session: Session, backfill: Backfill): boolean {
    if (backfill.snapshot) return this.#snapshotTurn(session, backfill, backfill.snapshot);
    if (!this.#isStillOnTape(session, backfill.cursor)) return true;
    const { rows, readTo } = this.#tape.readForward({
      after: backfill.cursor,
      upTo: backfill.until,
      limit: ROWS_A_TURN,
      maxBytes: BYTES_A_TURN,
    });
    backfill.cursor = Math.max(backfill.cursor, readTo);
    const done = backfill.cursor >= backfill.until;
    const wanted = rows.filter(row => isGap(row) || isBroadcast(row) || matches(backfill.filter, row.view));
    this.#sendReplay(session, backfill, wanted, done);
    return done;
  }

  /** Looks further back for the newest events that match and, once there are enough or no more, sends them. */
  #snapshotTurn(session: Session, backfill: Backfill, snapshot: Snapshot): boolean {
    const wanted = snapshot.limit - snapshot.found.length;
    if (wanted > 0 && snapshot.below > this.#tape.oldest) {
      const { seqs, scannedTo } = this.#tape.findNewest({
        filter: backfill.filter,
        upTo: snapshot.below - 1,
        after: 0,
        limit: wanted,
        maxRows: SNAPSHOT_ROWS_A_TURN,
        broadcast: true,
      });
      snapshot.found.push(...seqs);
      snapshot.below = scannedTo;
      return false;
    }
    // From here on nothing more is looked for: what was found is sent, oldest first, as the reader takes it.
    snapshot.limit = 0;
    const rows: TapeRow[] = [];
    let bytes = 0;
    while (snapshot.found.length > 0 && bytes < BYTES_A_TURN) {
      const [row] = this.#tape.readSeqs([snapshot.found.pop()!]);
      // Gone from the tape since it was found: as if it had not been.
      if (!row) continue;
      rows.push(row);
      bytes += row.bytes;
    }
    const done = snapshot.found.length === 0;
    backfill.cursor = done ? backfill.until : (rows.at(-1)?.seq ?? 0);
    this.#sendReplay(session, backfill, rows, done);
    return done;
  }

  #sendReplay(session: Session, backfill: Backfill, rows: TapeRow[], done: boolean): void {
    const replay = { epoch: this.#tape.epoch, id: backfill.subscription };
    for (const gap of rows.filter(isGap)) this.#sockets.send(session, gap.body);
    const parts = splitIntoFrames(rows.filter(row => !isGap(row)));
    if (done && parts.length === 0) parts.push([]);
    for (const [i, part] of parts.entries()) {
      const isLast = i === parts.length - 1;
      const head = isLast ? backfill.cursor : part.at(-1)!.seq;
      this.#sockets.send(session, replayFrame({ ...replay, head, done: done && isLast }, part));
      this.#counters.counts.backfilled += part.length;
    }
  }

  /** Reads on from where the session left live, through all its subscriptions. */
  #catchUp(session: Session): void {
    if (!this.#isStillOnTape(session, session.behindAt!)) return;
    const { rows, readTo } = this.#tape.readForward({
      after: session.behindAt!,
      upTo: this.#flusher.flushed,
      limit: ROWS_A_TURN,
      maxBytes: BYTES_A_TURN,
    });
    const wanted = rows.filter(row => !isGap(row) && this.#isFor(session, row));
    for (const gap of rows.filter(isGap)) this.#sockets.send(session, gap.body);
    if (wanted.length > 0) {
      for (const frame of liveFrames({ epoch: this.#tape.epoch, head: readTo }, wanted))
        this.#sockets.send(session, frame);
      this.#counters.counts.deliveries += wanted.length;
    }
    session.behindAt = readTo;
  }

  /** Whether the flush of a row would have sent it to this session, had it been live. */
  #isFor(session: Session, row: TapeRow): boolean {
    const isAlone = [...session.subscriptions.values()].every(({ group }) => group === null);
    if (!isAlone) return this.#flusher.isFor(session, row);
    return isBroadcast(row) || [...session.subscriptions.values()].some(({ filter }) => matches(filter, row.view));
  }

  /** Retention may overtake a slow reader: it must come again and be told, rather than get a part as if it were all. */
  #isStillOnTape(session: Session, cursor: number): boolean {
    if (cursor + 1 >= this.#tape.oldest) return true;
    this.#close(session, CLOSE_CODES.slow_reader);
    return false;
  }

  #close(session: Session, why: { code: number; means: string }): void {
    this.#behind.delete(session);
    this.#sockets.close(session, why);
  }
}

function isGap(row: TapeRow): boolean {
  return row.view.kind === 'gap';
}

function isBroadcast(row: TapeRow): boolean {
  return (row.routing & ROUTING.broadcast) !== 0;
}
