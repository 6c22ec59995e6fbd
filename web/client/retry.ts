import { type BackoffPolicy, backoffMs } from '../../shared/backoff.ts';
import { CLOSE_CODES, reconnectAfter } from '../../shared/codes.ts';

const BACKOFF: BackoffPolicy = { baseMs: 500, maxMs: 15_000 };
/** A server that drains may not send a client away for longer. */
export const MAX_DRAIN_MS = 5 * 60_000;

/** A connection that has ended. */
export interface Ended {
  /** Close code. */
  code: number;
  /** Connections in a row, this one included, that were not good for anything. */
  failures: number;
  /** What is left of what a `draining` frame asked for; 0 without one. */
  drainMs: number;
}

/** How long to wait before the next connection; null = never connect again by itself. `random` is in [0, 1). */
export function retryWaitMs({ code, failures, drainMs }: Ended, random: number): number | null {
  const rule = reconnectAfter(code);
  if (!rule.reconnect) return null;
  const leastMs = Math.max(rule.afterMs, drainMs);
  return leastMs + backoffMs(BACKOFF, failures, random);
}

/** Why a connection ended, in words for people: the server's own, or what the code means. */
export function closeReason(code: number, reason: string): string {
  if (reason !== '') return reason;
  return Object.values(CLOSE_CODES).find(entry => entry.code === code)?.means ?? 'connection lost';
}
