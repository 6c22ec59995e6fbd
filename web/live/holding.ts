import { Hold } from './hold.ts';
import type { Flow } from './rows.ts';

/** Keeps a column's hold, and the page's pause, by the clock: calls `onChange` whenever either is another than before. */
export class Holding {
  readonly #hold = new Hold();
  readonly #onChange: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = 'following null';
  /** Since when nothing may change (epoch milliseconds); null = it may. */
  pausedAtMs: number | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get flow(): Flow {
    if (this.pausedAtMs !== null) return 'paused';
    return this.#hold.reason === null ? 'following' : 'held';
  }

  get reason(): Hold['reason'] {
    return this.#hold.reason;
  }

  setPaused(isPaused: boolean): void {
    this.pausedAtMs = isPaused ? (this.pausedAtMs ?? Date.now()) : null;
    this.#changed();
  }

  /** Tells the hold that something has happened; the time is that of `performance.now`. */
  tell(happened: (hold: Hold, nowMs: number) => void): void {
    happened(this.#hold, performance.now());
    this.#changed();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #changed(): void {
    clearTimeout(this.#timer);
    const { dueAtMs } = this.#hold;
    if (dueAtMs !== null) {
      const waitMs = Math.max(1, dueAtMs - performance.now());
      this.#timer = setTimeout(() => this.tell((hold, nowMs) => hold.tick(nowMs)), waitMs);
    }
    const now = `${this.flow} ${this.reason}`;
    if (now === this.#told) return;
    this.#told = now;
    this.#onChange();
  }
}
