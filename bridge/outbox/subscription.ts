import type { Covers } from '../../shared/ingest-protocol.ts';

/** One unbroken standing of the bridge's Redis subscription. */
export interface Subscription {
  /** When every channel was confirmed, in epoch milliseconds. */
  readonly fromMs: number;
  /** When the newest PING was sent that has been answered: all that was published before has come. Rises only. */
  confirmedMs: number;
}

/** No message takes longer from Redis to here, as far as a batch that leaves events behind relies on it. */
const TRANSIT_MS = 1_000;

/** What a batch covers: all of the subscription so far, but for the events that it leaves behind, the first of them `left`. */
export function coversOf(subscription: Subscription | null, left: Received | null): Covers | null {
  if (subscription === null) return null;
  const { fromMs, confirmedMs } = subscription;
  const whole = { from_ms: fromMs, to_ms: Math.max(fromMs, confirmedMs) };
  return left === null ? whole : coversUpTo(whole, left);
}

/** The part of a coverage before the first event that is `left` behind was published. */
export function coversUpTo({ from_ms, to_ms }: Covers, left: Received): Covers {
  return { from_ms, to_ms: Math.max(from_ms, Math.min(left.receivedAtMs - TRANSIT_MS, to_ms)) };
}

interface Received {
  readonly receivedAtMs: number;
}
