/** A page that nobody has looked at for so long lets its connections go. */
export const SLEEP_AFTER_MS = 5 * 60_000;

export interface AttentionParts {
  sleep(): void;
  wake(): void;
  /** Calls `run` once after so many milliseconds; what it returns is for `clearTimer`. */
  setTimer(run: () => void, afterMs: number): unknown;
  clearTimer(timer: unknown): void;
}

/** Decides when a page's connections may sleep, and when they must not any more. */
export class Attention {
  readonly #parts: AttentionParts;
  #timer: unknown = null;
  #isHidden = false;

  constructor(parts: AttentionParts) {
    this.#parts = parts;
  }

  /** The page was shown or hidden. Shown wakes at once, each time; hidden starts the one wait, however often it is told. */
  visible(isVisible: boolean): void {
    if (isVisible) {
      this.#isHidden = false;
      this.#parts.clearTimer(this.#timer);
      this.#parts.wake();
    } else if (!this.#isHidden) {
      this.#isHidden = true;
      this.#timer = this.#parts.setTimer(() => this.#parts.sleep(), SLEEP_AFTER_MS);
    }
  }
}
