import { CLOSE_CODES } from '../../shared/codes.ts';
import type { Frame } from '../core/frames.ts';
import type { Counters } from './counters.ts';
import type { Session, Sessions } from './sessions.ts';

/** How old the sum over all sockets may be: reading it asks each of them. */
const QUEUED_BYTES_VALID_MS = 250;

/**
 * Sends to sockets and closes them, and knows how much all of them have queued: a socket that was closed while its
 * reader does not read keeps its queue until the connection dies.
 */
export class Sockets {
  readonly #ctx: DurableObjectState;
  readonly #sessions: Sessions;
  readonly #counters: Counters;
  #queuedBytes = 0;
  #queuedBytesAtMs = Number.NEGATIVE_INFINITY;

  constructor(ctx: DurableObjectState, sessions: Sessions, counters: Counters) {
    this.#ctx = ctx;
    this.#sessions = sessions;
    this.#counters = counters;
  }

  /**
   * @returns whether the socket took it. Never throws, so that one failing socket stops nobody else's frames; a session
   * that misses a frame is closed, as no later `head` could be told to it truthfully.
   */
  send(session: Session, { text, bytes }: Frame): boolean {
    if (session.socket.readyState !== WebSocket.OPEN) return false;
    try {
      session.socket.send(text);
      this.#queuedBytes += bytes;
      this.#counters.counts.frames++;
      this.#counters.counts.sent_bytes += bytes;
      return true;
    } catch {
      this.#counters.counts.send_errors++;
      this.close(session, CLOSE_CODES.draining);
      return false;
    }
  }

  /** Closes a session and forgets it. */
  close(session: Session, { code, means }: { code: number; means: string }): void {
    this.#counters.countClosed(code);
    this.#sessions.close(session);
    try {
      session.socket.close(code, means);
    } catch {
      // Already closed by the other side.
    }
  }

  /**
   * Bytes queued in all sockets, closing ones too: as read at most `QUEUED_BYTES_VALID_MS` ago, and what was sent since.
   */
  queuedBytes(nowMs: number): number {
    if (nowMs - this.#queuedBytesAtMs < QUEUED_BYTES_VALID_MS) return this.#queuedBytes;
    this.#queuedBytesAtMs = nowMs;
    this.#queuedBytes = this.#ctx.getWebSockets().reduce((sum, socket) => sum + socket.bufferedAmount, 0);
    return this.#queuedBytes;
  }
}
