/** A tick a second that comes so late shows that the machine has slept. */
const SLEPT_MS = 5_000;

/** Since when somebody can see the page: since it was shown, or since the machine woke. Times are epoch milliseconds. */
export class Watched {
  #sinceMs: number | null;
  #tickedAtMs: number;

  constructor(isVisible: boolean, nowMs: number) {
    this.#sinceMs = isVisible ? nowMs : null;
    this.#tickedAtMs = nowMs;
  }

  /** null while nobody can. */
  get sinceMs(): number | null {
    return this.#sinceMs;
  }

  shown(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  hidden(): void {
    this.#sinceMs = null;
  }

  /** A second has passed. */
  tick(nowMs: number): void {
    if (this.#sinceMs !== null && nowMs - this.#tickedAtMs > SLEPT_MS) this.#sinceMs = nowMs;
    this.#tickedAtMs = nowMs;
  }
}
