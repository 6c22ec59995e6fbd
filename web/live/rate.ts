/** Whole seconds that are counted, the one under way not included. */
const SECONDS = 60;

/** How many there were in each of the last 60 seconds. Time is epoch milliseconds. */
export class Rate {
  readonly #counts = new Uint32Array(SECONDS + 1);
  #second = 0;

  add(nowMs: number, count = 1): void {
    this.#advance(nowMs);
    this.#counts[this.#second % this.#counts.length]! += count;
  }

  /** In the last `seconds` whole seconds and the one under way. */
  over(seconds: number, nowMs: number): number {
    this.#advance(nowMs);
    let sum = 0;
    for (let back = 0; back <= seconds; back++) sum += this.#at(back);
    return sum;
  }

  /** Whether each of the last `seconds` whole seconds had more than `count`. */
  exceeded(count: number, seconds: number, nowMs: number): boolean {
    this.#advance(nowMs);
    for (let back = 1; back <= seconds; back++) if (this.#at(back) <= count) return false;
    return true;
  }

  #at(back: number): number {
    return this.#counts[(this.#second - back + 2 * this.#counts.length) % this.#counts.length]!;
  }

  #advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    // A clock that was set back counts on in the second where it was.
    const passed = Math.min(second - this.#second, this.#counts.length);
    if (passed <= 0) return;
    for (let i = 0; i < passed; i++) this.#counts[(second - i) % this.#counts.length] = 0;
    this.#second = second;
  }
}
