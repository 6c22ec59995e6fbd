import type { CumulativeHistogram } from '../../shared/api/cumulative-histogram.ts';
import type { HubOperations } from '../../shared/api/operations.ts';
import { type HistogramName, HUB_HISTOGRAMS } from '../../shared/hub-histograms.ts';
import type { Topic } from '../../shared/topics.ts';
import { noCounts } from '../../workers/core/hub-counts.ts';

/** What a hub tells that no bridge has spoken to, and nobody is connected to. */
export function idleHub(
  topic: Topic,
  atMs: number,
  histogramOf: (name: HistogramName) => CumulativeHistogram,
): HubOperations {
  return {
    topic,
    at_ms: atMs,
    epoch: 'one',
    head: 0,
    last_event_at_ms: null,
    tape: { rows: 0, max_rows: 1_000, storage_bytes: 4_096 },
    sessions: { open: 0, live: 0, backfilling: 0 },
    replicas: { configured: 0, active: 0, unanswered: 0 },
    subscriptions: 0,
    queued_bytes: 0,
    counts: noCounts(),
    appended_by_channel: {},
    cache: { hits: 0, misses: 0, entries: 0 },
    histograms: Object.fromEntries(
      HUB_HISTOGRAMS.map(name => [name, histogramOf(name)]),
    ) as HubOperations['histograms'],
    heartbeat_age_ms: null,
    bridges: [],
    rejects: [],
    not_routed: [],
  };
}
