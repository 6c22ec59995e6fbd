import { CLOSE_CODES } from '../../shared/codes.ts';
import { DRAIN_WINDOW_MS } from '../../shared/limits.ts';
import { refusalMs, spreadReturns } from '../core/drain-plan.ts';
import { frameOf } from '../core/frames.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Sockets } from './sockets.ts';

/**
 * Sends all sessions away before a restart, and lets nobody in until they are to come back. When that is, is stored: a
 * hub that sleeps or is restarted meanwhile goes on refusing.
 */
export class Draining {
  readonly #sql: SqlStorage;
  readonly #sessions: Sessions;
  readonly #sockets: Sockets;
  #refusesUntilMs: number;

  constructor(sql: SqlStorage, sessions: Sessions, sockets: Sockets) {
    this.#sql = sql;
    this.#sessions = sessions;
    this.#sockets = sockets;
    sql.exec(
      'CREATE TABLE IF NOT EXISTS draining (only INTEGER PRIMARY KEY CHECK (only = 1), refuses_until_ms INTEGER NOT NULL)',
    );
    const [row] = sql.exec<{ at: number }>('SELECT refuses_until_ms AS at FROM draining');
    this.#refusesUntilMs = row?.at ?? 0;
  }

  /** How long nobody is let in yet; 0 = everybody is. */
  refusesForMs(nowMs: number): number {
    return Math.max(0, this.#refusesUntilMs - nowMs);
  }

  /** Lets nobody in before. */
  refuseUntil(atMs: number): void {
    this.#refusesUntilMs = atMs;
    this.#sql.exec(
      `INSERT INTO draining (only, refuses_until_ms) VALUES (1, ?1)
       ON CONFLICT DO UPDATE SET refuses_until_ms = ?1`,
      atMs,
    );
  }

  /**
   * Tells each session when to come back, and closes it; what it was sent before comes before that.
   * @returns how many there were
   */
  begin(windowMs: number, nowMs: number): number {
    this.refuseUntil(nowMs + refusalMs(windowMs));
    const sessions = [...this.#sessions.all()];
    this.#tell(sessions, windowMs);
    return sessions.length;
  }

  /** Sends some sessions away, over the usual window; others may come in. */
  sendAway(sessions: readonly Session[]): void {
    this.#tell(sessions, DRAIN_WINDOW_MS.default);
  }

  #tell(sessions: readonly Session[], windowMs: number): void {
    const returns = spreadReturns(
      sessions.map(({ id }) => id),
      windowMs,
    );
    for (const session of sessions) {
      const frame = { type: 'draining', retry_after_ms: returns.get(session.id)! };
      // A session that cannot be told is closed by that.
      if (this.#sockets.send(session, frameOf(frame))) this.#sockets.close(session, CLOSE_CODES.draining);
    }
  }
}
