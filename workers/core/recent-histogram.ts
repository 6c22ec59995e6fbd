import { Histogram, type HistogramCounts } from './histogram.ts';

const SLOT_MS = 5 * 60_000;
const SLOTS = 12;

/** Number of a slot of time, counted from the epoch, and what fell into it; as it is stored. */
export type StoredSlots = [slot: number, counts: HistogramCounts][];

/** How durations fell within the last hour: a histogram for each five minutes, the oldest of which is given up at once. */
export class RecentHistogram {
  readonly #slots: Map<number, Histogram>;

  constructor(stored: StoredSlots = []) {
    this.#slots = new Map(stored.map(([slot, counts]) => [slot, new Histogram(counts)]));
  }

  add(ms: number, nowMs: number): void {
    const slot = Math.floor(nowMs / SLOT_MS);
    let histogram = this.#slots.get(slot);
    if (!histogram) {
      histogram = new Histogram();
      this.#slots.set(slot, histogram);
      for (const old of this.#slots.keys()) if (old <= slot - SLOTS) this.#slots.delete(old);
    }
    histogram.add(ms);
  }

  stored(): StoredSlots {
    return [...this.#slots].map(([slot, { counts }]) => [slot, counts]);
  }

  /** p50, p95 and p99 of what was measured since `sinceMs`, 55 to 60 minutes ago. */
  summary(nowMs: number): ReturnType<Histogram['summary']> & { sinceMs: number } {
    const first = Math.floor(nowMs / SLOT_MS) - SLOTS + 1;
    const all = new Histogram();
    for (const [slot, histogram] of this.#slots) if (slot >= first) all.addAll(histogram);
    return { sinceMs: first * SLOT_MS, ...all.summary() };
  }
}
