import type { CumulativeHistogram } from '../../shared/api/cumulative-histogram.ts';
import type { HubOperations } from '../../shared/api/operations.ts';
import { Histogram } from '../../workers/core/histogram.ts';
import { idleHub } from '../support/idle-hub.ts';

/** What a hub of `daily` tells, with other histograms than empty ones. */
export function hubOperations({
  histograms = {},
}: {
  histograms?: Partial<HubOperations['histograms']>;
} = {}): HubOperations {
  const none: CumulativeHistogram = { cumulative: new Histogram().cumulative(), sum_ms: 0 };
  const heartbeat = {
    at_ms: 1,
    redis_latency_ms: 1,
    channels_subscribed: 1,
    channels_wanted: 1,
    last_message_at_ms: null,
    reasons: [],
  };
  const idle = idleHub('daily', 1, () => none);
  return {
    ...idle,
    head: 7,
    last_event_at_ms: 1,
    tape: { rows: 7, max_rows: 10, storage_bytes: 100 },
    sessions: { open: 1, live: 1, backfilling: 0 },
    subscriptions: 1,
    counts: {
      ...idle.counts,
      appended: 7,
      duplicates: 2,
      batches: 1,
      flushes: 1,
      frames: 1,
      sent_bytes: 1_234,
      deliveries: 1,
      rate_limited: 3,
      skipped: 4,
      connections: 1,
      closed: { 4010: 1 },
      denied: { token_expired: 5 },
    },
    appended_by_channel: { 'tickstock.events.patterns': 7 },
    rejects: [{ channel: 'c', reason: 'bad_json', count: 6 }],
    not_routed: [{ channel: 'c', kind: 'market_tick', count: 8 }],
    cache: { hits: 1, misses: 1, entries: 1 },
    histograms: { ...idle.histograms, ...histograms },
    heartbeat_age_ms: 12_500,
    bridges: [
      { bridge_id: 'one', heartbeat_at_ms: 1, heartbeat: { ...heartbeat, redis_connected: true } },
      { bridge_id: 'two', heartbeat_at_ms: 1, heartbeat: { ...heartbeat, redis_connected: false } },
    ],
  };
}
