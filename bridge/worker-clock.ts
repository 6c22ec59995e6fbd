/** Clocks drift: what an answer has shown counts for less, by so much per millisecond, the older it is. */
const DRIFT = 1 / 1_000;
/** An answer that seems to have taken longer than a bridge waits for one shows that a clock was set. */
const CLOCK_SET_MS = 10_000;

/**
 * How far the Worker's clock is ahead of ours at least: an answer came no earlier than it was made, so that each shows as
 * much less than the truth as it took. The fastest counts.
 */
export class WorkerClock {
  #newest: { aheadMs: number; atMs: number } | null = null;

  /** An answer that was made at `serverAtMs`, by the Worker's clock, has come. */
  note(serverAtMs: number, nowMs: number): void {
    const shownMs = serverAtMs - nowMs;
    const knownMs = this.aheadMs(nowMs);
    const isSet = knownMs !== null && knownMs - shownMs > CLOCK_SET_MS;
    this.#newest = { aheadMs: knownMs === null || isSet ? shownMs : Math.max(knownMs, shownMs), atMs: nowMs };
  }

  /** Milliseconds; null before the first answer. */
  aheadMs(nowMs: number): number | null {
    if (this.#newest === null) return null;
    const { aheadMs, atMs } = this.#newest;
    return Math.floor(aheadMs - Math.max(0, nowMs - atMs) * DRIFT);
  }
}
