import type { HubOperations } from '../../shared/api/operations.ts';
import { type Figures, histogramsOf, type TreeFigures } from '../core/figures.ts';
import type { Reported } from './report.ts';

/**
 * Everything that a hub counts and holds, in raw numbers that a reader can take differences of.
 * @param figures of all objects of the topic
 */
export function hubOperations(hub: Reported, figures: TreeFigures, nowMs: number): HubOperations {
  const { tape, router, counters, bridges, refusals } = hub;
  const lastHeartbeatAtMs = bridges.lastHeartbeatAtMs();
  return {
    topic: hub.topic,
    at_ms: nowMs,
    epoch: tape.epoch,
    head: tape.head,
    last_event_at_ms: tape.lastEventAtMs,
    tape: {
      rows: tape.head - tape.oldest + 1,
      max_rows: hub.policy.max_events,
      storage_bytes: hub.storage.databaseSize,
    },
    sessions: figures.sessions,
    replicas: { configured: hub.replicas, ...figures.nodes },
    subscriptions: figures.subscriptions,
    queued_bytes: figures.queued_bytes,
    counts: figures.counts,
    appended_by_channel: Object.fromEntries(counters.appendedByChannel),
    rejects: refusals.rejectCounts(),
    not_routed: refusals.notRoutedCounts(),
    cache: { hits: router.hits, misses: router.misses, entries: router.cachedDecisions },
    histograms: cumulativeOf(figures),
    heartbeat_age_ms: lastHeartbeatAtMs === null ? null : nowMs - lastHeartbeatAtMs,
    bridges: bridges.alive(nowMs).map(({ bridgeId, heartbeatAtMs, heartbeat }) => ({
      bridge_id: bridgeId,
      heartbeat_at_ms: heartbeatAtMs,
      heartbeat,
    })),
  };
}

function cumulativeOf(figures: Figures): HubOperations['histograms'] {
  const cumulative = Object.entries(histogramsOf(figures)).map(([name, histogram]) => [
    name,
    { cumulative: histogram.cumulative(), sum_ms: histogram.sumMs },
  ]);
  return Object.fromEntries(cumulative) as HubOperations['histograms'];
}
