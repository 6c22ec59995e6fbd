/**
 * Full-jitter backoff: a wait anywhere between 0 and a bound that doubles with each failed attempt. Spreads the
 * returns of many clients evenly, and needs no memory but the count.
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)
 */
export interface BackoffPolicy {
  /** Bound of the first wait. */
  baseMs: number;
  /** No wait is longer. */
  maxMs: number;
}

/** The wait before try `attempt + 1`, after `attempt` (>= 1) failures; `random` is in [0, 1). */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: number): number {
  return Math.floor(random * Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(attempt - 1, 30)));
}
