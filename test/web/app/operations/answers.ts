import type { HubOperations, Operations } from '../../../../shared/api/operations.ts';
import type { HistogramName } from '../../../../shared/hub-histograms.ts';
import { TOPICS, type Topic } from '../../../../shared/topics.ts';
import { idleHub } from '../../../support/idle-hub.ts';

export const NOW_MS = 1_795_000_000_000;
export const BOUNDS_MS = [1, 5, 25, 50, 100, 1_000];

interface Changes {
  atMs?: number;
  /** Of every hub. */
  hub?: Partial<HubOperations>;
  counts?: Partial<HubOperations['counts']>;
  /** Of the hub of `daily` alone: how many durations fell into each bucket, the last above all bounds. */
  fell?: Partial<Record<HistogramName, number[]>>;
  /** Hubs that do not answer. */
  lost?: Topic[];
  browsers?: Operations['browsers'];
}

/** An answer of `GET /api/operations` of hubs that have one well bridge, and have done nothing. */
export function answer({
  atMs = NOW_MS,
  hub = {},
  counts = {},
  fell = {},
  lost = [],
  browsers,
}: Changes = {}): Operations {
  const hubs = TOPICS.map(topic => [
    topic,
    lost.includes(topic)
      ? { topic, error: 'the hub gave no answer' }
      : hubAnswer(topic, atMs, { hub, counts, fell: topic === 'daily' ? fell : {} }),
  ]);
  return {
    generated_at: new Date(atMs).toISOString(),
    bounds_ms: BOUNDS_MS,
    browsers: browsers === undefined ? noReports() : browsers,
    hubs: Object.fromEntries(hubs),
  };
}

/** Cumulative counts of what fell into each bucket. */
export function cumulative(fell: readonly number[] = []) {
  let sum = 0;
  const counts = Array.from({ length: BOUNDS_MS.length + 1 }, (_, bucket) => {
    sum += fell[bucket] ?? 0;
    return sum;
  });
  return { cumulative: counts, sum_ms: 0 };
}

export function noReports(): NonNullable<Operations['browsers']> {
  return { reports: 0, uncertain: 0, last_at_ms: null, receipt_ms: cumulative(), paint_ms: cumulative() };
}

export function heartbeat(changes: object = {}): HubOperations['bridges'][number]['heartbeat'] {
  return {
    at_ms: NOW_MS,
    redis_connected: true,
    redis_latency_ms: 0.3,
    channels_subscribed: 31,
    channels_wanted: 31,
    last_message_at_ms: NOW_MS - 1_000,
    reasons: [],
    ...changes,
  };
}

function hubAnswer(
  topic: Topic,
  atMs: number,
  { hub, counts, fell }: Required<Pick<Changes, 'hub' | 'counts' | 'fell'>>,
): HubOperations {
  const idle = idleHub(topic, atMs, name => cumulative(fell[name]));
  return {
    ...idle,
    sessions: { open: 2, live: 2, backfilling: 0 },
    subscriptions: 2,
    counts: { ...idle.counts, ...counts },
    heartbeat_age_ms: 4_000,
    bridges: [{ bridge_id: 'bridge-1', heartbeat_at_ms: atMs - 4_000, heartbeat: heartbeat() }],
    ...hub,
  };
}
