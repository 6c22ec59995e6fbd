import { CLOSE_CODES } from '../../shared/codes.ts';
import { isSilent, nextLookAtMs, SILENT_AFTER_MS } from '../core/silence.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Sockets } from './sockets.ts';

/**
 * Closes half-open connections: those whose other end has gone without a word, so that nothing but silence tells.
 *
 * An alarm, and no timer, looks for them, as a timer would keep the hub awake. It is set while there are sockets, for
 * when the first of them could be silent. Clients ping every 25 s, which wakes nobody; so a hub at rest with live sockets
 * wakes about every nine and a half minutes, 150 times a day, and asks each socket once when it last pinged. With a
 * socket that is about to be silent it may wake every minute, for ten minutes at most.
 */
export class Silence {
  readonly #ctx: DurableObjectState;
  readonly #sessions: Sessions;
  readonly #sockets: Sockets;

  constructor(ctx: DurableObjectState, sessions: Sessions, sockets: Sockets) {
    this.#ctx = ctx;
    this.#sessions = sessions;
    this.#sockets = sockets;
  }

  /** A session was opened. While there are others the alarm is set, and due before this one can be silent. */
  opened(nowMs: number): void {
    if (this.#sessions.size === 1) void this.#ctx.storage.setAlarm(nowMs + SILENT_AFTER_MS);
  }

  /** The alarm has come: closes the silent and sets the next one. */
  async look(nowMs: number): Promise<void> {
    const heardAtMs: number[] = [];
    for (const session of [...this.#sessions.all()]) {
      const atMs = this.heardAtMs(session);
      if (isSilent(atMs, nowMs)) this.#sockets.close(session, CLOSE_CODES.silent);
      else heardAtMs.push(atMs);
    }
    const nextAtMs = nextLookAtMs(heardAtMs, nowMs);
    if (nextAtMs !== null) await this.#ctx.storage.setAlarm(nextAtMs);
  }

  /** When a session gave its last sign of life. Pings do not wake the hub; the runtime remembers when it answered the last one. */
  heardAtMs({ socket, heardAtMs }: Session): number {
    return Math.max(heardAtMs, this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0);
  }
}
