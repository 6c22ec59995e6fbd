import type { Covers } from '../../shared/ingest-protocol.ts';

/** One unbroken standing of the bridge's Redis subscription. */
export interface Subscription {
  /** When every channel was confirmed, in epoch milliseconds. */
  readonly fromMs: number;
  /** When the connection last gave a sign of life: a message, or the answer to a PING. Rises only. */
  confirmedMs: number;
}

/**
 * What a batch covers: all of the subscription so far when it leaves no event of it behind, else up to its `last` event.
 */
export function coversOf(
  subscription: Subscription | null,
  last: Received | null,
  left: Received | null,
): Covers | null {
  if (subscription === null) return null;
  const { fromMs, confirmedMs } = subscription;
  return left === null ? { from_ms: fromMs, to_ms: Math.max(fromMs, confirmedMs) } : coversUpTo(fromMs, last, left);
}

/** Coverage up to the `last` event of a batch, yet not to the millisecond in which the first one `left` behind came. */
export function coversUpTo(fromMs: number, last: Received | null, left: Received): Covers {
  const toMs = last === null ? fromMs : Math.min(last.receivedAtMs, left.receivedAtMs - 1);
  return { from_ms: fromMs, to_ms: Math.max(fromMs, toMs) };
}

interface Received {
  readonly receivedAtMs: number;
}
