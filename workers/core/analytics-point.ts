import type { HubOperations } from '../../shared/api/operations.ts';
import type { HistogramName } from '../../shared/hub-histograms.ts';
import { Histogram } from './histogram.ts';

/** What a hub counted and held at a moment, as far as a data point needs it. */
export type Snapshot = Pick<
  HubOperations,
  'topic' | 'at_ms' | 'counts' | 'histograms' | 'sessions' | 'subscriptions' | 'queued_bytes' | 'tape'
>;

export interface AnalyticsPoint {
  indexes: string[];
  blobs: string[];
  doubles: number[];
}

/** In place of a p95 where nothing was measured: a column must have a number, and 0 would be one. */
const NOT_MEASURED = -1;

/**
 * What happened between two moments, and how things stood at the later one. docs/operations.md names the columns: they
 * keep their places, and new ones come after them.
 */
export function analyticsPoint(before: Snapshot, now: Snapshot): AnalyticsPoint {
  const more = (read: (counts: HubOperations['counts']) => number) => read(now.counts) - read(before.counts);
  const p95 = (name: HistogramName) => p95Between(before.histograms[name], now.histograms[name]);
  return {
    indexes: [now.topic],
    blobs: [now.topic],
    doubles: [
      (now.at_ms - before.at_ms) / 1_000,
      more(counts => counts.appended),
      more(counts => counts.duplicates),
      more(counts => counts.gaps),
      more(counts => counts.deliveries),
      more(counts => counts.frames),
      more(counts => counts.sent_bytes),
      more(counts => counts.rate_limited),
      more(counts => counts.skipped),
      more(counts => total(counts.denied)),
      more(counts => total(counts.closed)),
      now.sessions.open,
      now.subscriptions,
      now.queued_bytes,
      now.tape.rows,
      p95('bridge_to_edge_ms'),
      p95('hub_to_delivery_ms'),
      p95('bridge_to_delivery_ms'),
      p95('detection_to_delivery_ms'),
      p95('flush_ms'),
    ],
  };
}

type Cumulative = HubOperations['histograms'][HistogramName];

function p95Between(before: Cumulative, now: Cumulative): number {
  const upTo = now.cumulative.map((count, i) => count - before.cumulative[i]!);
  return new Histogram(upTo.map((count, i) => count - (upTo[i - 1] ?? 0))).quantile(0.95) ?? NOT_MEASURED;
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
