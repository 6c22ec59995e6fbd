import type { ColumnFacts } from './facts.ts';

const PERIOD_MS = 1_000;

/** Tells what a column knows of itself: at most once a second; what is grave once what is going on now is over. */
export class FactsTeller {
  readonly #make: () => ColumnFacts;
  readonly #onTold: (facts: ColumnFacts, before: ColumnFacts) => void;
  readonly #listeners = new Set<(facts: ColumnFacts) => void>();
  #facts: ColumnFacts;
  #toldAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isAboutToTell = false;
  #isClosed = false;

  /** @param onTold is told after all listeners */
  constructor(make: () => ColumnFacts, onTold: (facts: ColumnFacts, before: ColumnFacts) => void) {
    this.#make = make;
    this.#onTold = onTold;
    this.#facts = make();
  }

  get facts(): ColumnFacts {
    return this.#facts;
  }

  on(listener: (facts: ColumnFacts) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  changed(isGrave: boolean): void {
    if (isGrave) this.#tellSoon();
    else this.#timer ??= setTimeout(() => this.#tell(), Math.max(0, this.#toldAtMs + PERIOD_MS - performance.now()));
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
    this.#listeners.clear();
  }

  /** One key may change several things. */
  #tellSoon(): void {
    if (this.#isAboutToTell) return;
    this.#isAboutToTell = true;
    queueMicrotask(() => {
      this.#isAboutToTell = false;
      if (!this.#isClosed) this.#tell();
    });
  }

  #tell(): void {
    this.#stopTimer();
    this.#toldAtMs = performance.now();
    const before = this.#facts;
    this.#facts = this.#make();
    for (const listener of [...this.#listeners]) listener(this.#facts);
    this.#onTold(this.#facts, before);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
