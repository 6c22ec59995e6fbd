import type { CumulativeHistogram } from '../../../shared/api/cumulative-histogram.ts';
import type { HubOperations, Operations } from '../../../shared/api/operations.ts';
import type { HistogramName } from '../../../shared/hub-histograms.ts';
import { TOPICS } from '../../../shared/topics.ts';

const WINDOW_MS = 60_000;

/** Quantiles in milliseconds, each the upper bound of a bucket; Infinity = above the last. */
export interface Span {
  n: number;
  p50: number;
  p95: number;
  /** What the 95th percentile is above in any case. */
  p95AtLeast: number;
}

/**
 * What the hubs have done lately: the difference between the newest answer and the oldest of the last minute. Counts run
 * since a tape began, so what was there before the page was opened is not in it.
 */
export class OperationsWindow {
  #answers: Operations[] = [];

  add(answer: Operations): void {
    const atMs = atOf(answer);
    const isForward = this.#answers.every(kept => atOf(kept) < atMs);
    // The server's clock was set back: what was before cannot be compared.
    this.#answers = isForward ? this.#answers.filter(kept => atMs - atOf(kept) <= WINDOW_MS) : [];
    this.#answers.push(answer);
  }

  get newest(): Operations | null {
    return this.#answers.at(-1) ?? null;
  }

  /** How long it is, in milliseconds; 0 = there is nothing to compare yet. */
  get lengthMs(): number {
    const [oldest] = this.#answers;
    return oldest ? atOf(this.newest!) - atOf(oldest) : 0;
  }

  /** How much a count of the hubs has grown by, a minute; null = not known. */
  perMinute(read: (hub: HubOperations) => number): number | null {
    const pairs = this.#pairs();
    if (pairs.length === 0) return null;
    return pairs.reduce((sum, [from, to]) => sum + ((read(to) - read(from)) * 60_000) / (to.at_ms - from.at_ms), 0);
  }

  /** How long something took, over all hubs; null = not known, or it did not happen. */
  span(name: HistogramName): Span | null {
    const grown = this.#pairs().map(([from, to]) => difference(from.histograms[name], to.histograms[name]));
    return this.newest && spanOf(this.newest.bounds_ms, sum(grown));
  }

  /** How long something took in browsers, by what they reported lately. */
  browserSpan(name: 'receipt_ms' | 'paint_ms'): Span | null {
    const [from] = this.#answers.filter(({ browsers }) => browsers !== null);
    const to = this.newest?.browsers;
    if (!from?.browsers || !to || from.browsers.reports > to.reports) return null;
    return spanOf(this.newest!.bounds_ms, difference(from.browsers[name], to[name]));
  }

  /** Each hub now and at the beginning of the window, as long as it has been the same tape since. */
  #pairs(): [from: HubOperations, to: HubOperations][] {
    return TOPICS.flatMap(topic => {
      const to = this.newest && hubOf(this.newest, topic);
      if (!to) return [];
      const from = this.#answers.map(answer => hubOf(answer, topic)).find(hub => hub?.epoch === to.epoch);
      return from && from.at_ms < to.at_ms && from.counts.batches <= to.counts.batches ? [[from, to] as const] : [];
    }) as [HubOperations, HubOperations][];
  }
}

/** What a topic's hub has answered; null = nothing. */
export function hubOf({ hubs }: Operations, topic: (typeof TOPICS)[number]): HubOperations | null {
  const hub = hubs[topic];
  return 'error' in hub ? null : hub;
}

/** The quantiles of a cumulative histogram; null = it is empty. */
export function spanOf(boundsMs: readonly number[], cumulative: readonly number[]): Span | null {
  const n = cumulative.at(-1) ?? 0;
  if (n <= 0) return null;
  const bucket = (share: number) => cumulative.findIndex(count => count >= share * n);
  const upTo = (at: number) => boundsMs[at] ?? Number.POSITIVE_INFINITY;
  const high = bucket(0.95);
  return { n, p50: upTo(bucket(0.5)), p95: upTo(high), p95AtLeast: boundsMs[high - 1] ?? 0 };
}

function difference(from: CumulativeHistogram, to: CumulativeHistogram): number[] {
  return to.cumulative.map((count, bucket) => Math.max(0, count - (from.cumulative[bucket] ?? 0)));
}

function sum(histograms: readonly number[][]): number[] {
  const [first = [], ...others] = histograms;
  return first.map((count, bucket) => others.reduce((total, other) => total + other[bucket]!, count));
}

function atOf({ generated_at }: Operations): number {
  return Date.parse(generated_at);
}
