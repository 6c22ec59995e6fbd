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
  const whole = { from_ms: fromMs, to_ms: Math.max(fromMs, confirmedMs) };
  return left === null ? whole : coversUpTo(whole, last, left);
}

/**
 * The part of a coverage up to the `last` event of a batch, yet not to the millisecond in which the first one `left`
 * behind came.
 */
export function coversUpTo({ from_ms, to_ms }: Covers, last: Received | null, left: Received): Covers {
  const untilMs = last === null ? from_ms : Math.min(last.receivedAtMs, left.receivedAtMs - 1, to_ms);
  return { from_ms, to_ms: Math.max(from_ms, untilMs) };
}

interface Received {
  readonly receivedAtMs: number;
}
