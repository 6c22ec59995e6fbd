import { CLOSE_CODES } from '../../shared/codes.ts';
import { matches } from '../../shared/matches.ts';
import { gapFrame, liveFrames, replayFrame, splitIntoFrames } from '../core/frames.ts';
import { ROUTING } from '../core/router.ts';
import { isOverfull, readerState, THIN_FROM_BYTES } from '../core/slow-reader.ts';
import type { Counters } from './counters.ts';
import type { Flusher } from './flusher.ts';
import type { Backfill, Session, Sessions, Snapshot } from './sessions.ts';
import type { Sockets } from './sockets.ts';
import type { TapeRow } from './tape.ts';
import type { TapeReader } from './tape-reader.ts';

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
  readonly #tape: TapeReader;
  readonly #sessions: Sessions;
  readonly #sockets: Sockets;
  readonly #flusher: Flusher;
  readonly #counters: Counters;
  readonly #behind = new Set<Session>();
  #isRunning = false;

  constructor(parts: { tape: TapeReader; sessions: Sessions; sockets: Sockets; flusher: Flusher; counters: Counters }) {
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
          await this.#tryServe(session);
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
    if (!this.#isOpen(session) || session.socket.readyState !== WebSocket.OPEN) {
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
  async #tryServe(session: Session): Promise<void> {
    try {
      await this.#serve(session);
    } catch (error) {
      console.error('a backfill failed', error);
      if (this.#isOpen(session)) this.#close(session, CLOSE_CODES.draining);
    }
  }

  /** One turn of one session. */
  async #serve(session: Session): Promise<void> {
    const backfill = session.backfills[0];
    if (backfill) {
      const isDone = await this.#turn(session, backfill);
      if (isDone) session.backfills = session.backfills.filter(other => other !== backfill);
    } else {
      await this.#catchUp(session);
    }
    if (!this.#isOpen(session) || session.backfills.length > 0 || session.behindAt !== this.#flusher.flushed) return;
    // With what it has just been sent still unread it would be thinned out as a slow reader at the next flush.
    if (!this.#keepsUp(session, Date.now())) return;
    this.#behind.delete(session);
    this.#sessions.joinLive(session);
  }

  #isOpen(session: Session): boolean {
    return this.#sessions.bySocket(session.socket) === session;
  }

  /** Whether what was read for a backfill is still to be sent: its session or its subscription may have gone meanwhile. */
  #isWanted(session: Session, backfill: Backfill): boolean {
    return this.#isOpen(session) && session.backfills.includes(backfill);
  }

  /** @returns whether the backfill is done */
  async #turn(session: Session, backfill: Backfill): Promise<boolean> {
    if (backfill.snapshot) return this.#snapshotTurn(session, backfill, backfill.snapshot);
    const { rows, readTo, oldest } = await this.#tape.readForward({
      after: backfill.cursor,
      upTo: backfill.until,
      limit: ROWS_A_TURN,
      maxBytes: BYTES_A_TURN,
    });
    if (!this.#isWanted(session, backfill) || !this.#isStillOnTape(session, backfill.cursor, oldest)) return true;
    backfill.cursor = Math.max(backfill.cursor, readTo);
    const done = backfill.cursor >= backfill.until;
    const wanted = rows.filter(row => isGap(row) || isBroadcast(row) || matches(backfill.filter, row.view));
    this.#sendReplay(session, backfill, wanted, done);
    return done;
  }

  /** Looks further back for the newest events that match and, once there are enough or no more, sends them. */
  async #snapshotTurn(session: Session, backfill: Backfill, snapshot: Snapshot): Promise<boolean> {
    const wanted = snapshot.limit - snapshot.found.length;
    if (wanted > 0 && snapshot.below > this.#tape.oldest) {
      const { seqs, scannedTo } = await this.#tape.findNewest({
        filter: backfill.filter,
        upTo: snapshot.below - 1,
        after: 0,
        limit: wanted,
        maxRows: SNAPSHOT_ROWS_A_TURN,
        broadcast: true,
      });
      snapshot.found.push(...seqs);
      // Where the tape has been cut meanwhile, there is no more.
      if (scannedTo >= snapshot.below) snapshot.limit = 0;
      snapshot.below = scannedTo;
      return false;
    }
    // From here on nothing more is looked for: what was found is sent, oldest first, as the reader takes it.
    snapshot.limit = 0;
    // What is gone from the tape since it was found is as if it had not been.
    const rows = await this.#tape.readSeqs(snapshot.found, BYTES_A_TURN);
    if (!this.#isWanted(session, backfill)) return true;
    const readTo = rows.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
    snapshot.found = snapshot.found.filter(seq => seq > readTo);
    const done = snapshot.found.length === 0;
    backfill.cursor = done ? backfill.until : readTo;
    this.#sendReplay(session, backfill, rows, done);
    return done;
  }

  #sendReplay(session: Session, backfill: Backfill, rows: TapeRow[], done: boolean): void {
    const replay = { epoch: this.#tape.epoch, id: backfill.subscription };
    for (const gap of rows.filter(isGap)) this.#sockets.send(session, gapFrame(gap));
    const parts = splitIntoFrames(rows.filter(row => !isGap(row)));
    if (done && parts.length === 0) parts.push([]);
    for (const [i, part] of parts.entries()) {
      const isLast = i === parts.length - 1;
      const head = isLast ? backfill.cursor : part.at(-1)!.seq;
      this.#sockets.send(session, replayFrame({ ...replay, head, done: done && isLast }, part));
      this.#counters.counts.backfilled += part.length;
      session.backfilled += part.length;
    }
  }

  /** Reads on from where the session left live, through all its subscriptions. */
  async #catchUp(session: Session): Promise<void> {
    const after = session.behindAt!;
    const { rows, readTo, oldest } = await this.#tape.readForward({
      after,
      upTo: this.#flusher.flushed,
      limit: ROWS_A_TURN,
      maxBytes: BYTES_A_TURN,
    });
    // A backfill that was asked for meanwhile comes first.
    if (!this.#isOpen(session) || session.backfills.length > 0 || !this.#isStillOnTape(session, after, oldest)) return;
    const wanted = rows.filter(row => !isGap(row) && this.#isFor(session, row));
    for (const gap of rows.filter(isGap)) this.#sockets.send(session, gapFrame(gap));
    if (wanted.length > 0) {
      for (const frame of liveFrames({ epoch: this.#tape.epoch, head: readTo }, wanted))
        this.#sockets.send(session, frame);
      this.#counters.counts.deliveries += wanted.length;
      session.delivered += wanted.length;
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
  #isStillOnTape(session: Session, cursor: number, oldest: number): boolean {
    if (cursor + 1 >= oldest) return true;
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
