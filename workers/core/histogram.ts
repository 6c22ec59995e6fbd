/** Upper bounds in milliseconds; what is above the last falls into one more bucket. */
export const HISTOGRAM_BOUNDS_MS = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
  300_000, 900_000, 3_600_000,
];

/** Counts per bucket, as it is stored and served. */
export type HistogramCounts = number[];

/** How often durations fell where: small, mergeable, and enough for quantiles to a bucket's width. */
export class Histogram {
  readonly counts: HistogramCounts;
  /** Of all durations. */
  sumMs: number;

  constructor(counts: HistogramCounts = [], sumMs = 0) {
    this.counts = Array.from({ length: HISTOGRAM_BOUNDS_MS.length + 1 }, (_, bucket) => counts[bucket] ?? 0);
    this.sumMs = sumMs;
  }

  add(ms: number, times = 1): void {
    let bucket = 0;
    while (bucket < HISTOGRAM_BOUNDS_MS.length && ms > HISTOGRAM_BOUNDS_MS[bucket]!) bucket++;
    this.counts[bucket]! += times;
    this.sumMs += ms * times;
  }

  /** Per bound how many durations were at most that; last, of all. */
  cumulative(): number[] {
    let sum = 0;
    return this.counts.map(count => {
      sum += count;
      return sum;
    });
  }

  addAll({ counts, sumMs }: Histogram): void {
    for (const [bucket, count] of counts.entries()) this.counts[bucket]! += count;
    this.sumMs += sumMs;
  }

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** The upper bound of the bucket that holds quantile `q` (0..1): at most this. null when empty or off the scale. */
  quantile(q: number): number | null {
    const rank = q * this.total;
    let seen = 0;
    for (let bucket = 0; bucket < HISTOGRAM_BOUNDS_MS.length; bucket++) {
      seen += this.counts[bucket]!;
      if (seen > 0 && seen >= rank) return HISTOGRAM_BOUNDS_MS[bucket]!;
    }
    return null;
  }

  /** p50, p95 and p99, with how many were measured. */
  summary(): { n: number; p50: number | null; p95: number | null; p99: number | null } {
    return { n: this.total, p50: this.quantile(0.5), p95: this.quantile(0.95), p99: this.quantile(0.99) };
  }
}
