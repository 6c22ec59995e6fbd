/**
 * At most `limit` in any span of one second, exactly (a sliding window, not a bucket that lets twice as many through
 * around a boundary). 0 = no limit. Time is an argument; when the clock is set back, what was let through counts as if
 * the newest of it had been let through at the new time, so that nobody waits until the clock is where it was.
 */
export class SlidingWindow {
  readonly #limit: number;
  #atMs: number[] = [];
  #counts: number[] = [];
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  }

  /** How many more fit now. */
  available(nowMs: number): number {
    this.#followClock(nowMs);
    let gone = 0;
    while (gone < this.#atMs.length && this.#atMs[gone]! <= nowMs - 1_000) this.#taken -= this.#counts[gone++]!;
    if (gone > 0) {
      this.#atMs.splice(0, gone);
      this.#counts.splice(0, gone);
    }
    return this.#limit - this.#taken;
  }

  /** Notes that `count` (at most what is available) were let through now. */
  take(nowMs: number, count: number): void {
    if (count === 0 || this.#limit === Number.POSITIVE_INFINITY) return;
    this.#followClock(nowMs);
    this.#taken += count;
    if (this.#atMs.at(-1) === nowMs) {
      this.#counts[this.#counts.length - 1]! += count;
      return;
    }
    this.#atMs.push(nowMs);
    this.#counts.push(count);
  }

  #followClock(nowMs: number): void {
    const aheadMs = (this.#atMs.at(-1) ?? nowMs) - nowMs;
    if (aheadMs > 0) this.#atMs = this.#atMs.map(atMs => atMs - aheadMs);
  }
}

/** A sustained rate with a burst: what a client may send. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number | null = null;

  constructor(limits: { perSecond: number; burst: number }) {
    this.#perSecond = limits.perSecond;
    this.#burst = limits.burst;
    this.#tokens = limits.burst;
  }

  /** Takes one, if there is one. */
  tryTake(nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - (this.#atMs ?? nowMs));
    this.#atMs = nowMs;
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs * this.#perSecond) / 1_000);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
