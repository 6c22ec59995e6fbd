import type { HubFailure, HubOperations } from '../../shared/api/operations.ts';
import { type HistogramName, HOP_HISTOGRAMS } from '../../shared/hub-histograms.ts';
import { marketSessionAt } from './calendar.ts';
import { HISTOGRAM_BOUNDS_MS } from './histogram.ts';
import type { Family, HistogramSample, Labels } from './prometheus-text.ts';

/** In seconds, without the digits that the division leaves. */
const BOUNDS_SECONDS = HISTOGRAM_BOUNDS_MS.map(ms => Number((ms / 1_000).toPrecision(12)));

/** What all hubs count and hold, as metrics; of one that gave no answer there is `hub_up` 0 and no more. */
export function hubMetrics(hubs: readonly (HubOperations | HubFailure)[], nowMs: number): Family[] {
  const answered = hubs.flatMap(hub => ('error' in hub ? [] : [hub]));
  const scalar = (type: 'counter' | 'gauge') => (metric: Scalar) => scalarFamily(type, metric, answered);
  return [
    {
      ...named('hub_up', 'Whether the hub of a topic answers'),
      type: 'gauge',
      samples: hubs.map(hub => ({ labels: { topic: hub.topic }, value: 'error' in hub ? 0 : 1 })),
    },
    {
      ...named('market_open', 'Whether the exchange is in regular trading, by its calendar'),
      type: 'gauge',
      samples: [{ labels: {}, value: marketSessionAt(nowMs) === 'regular' ? 1 : 0 }],
    },
    ...COUNTERS.map(scalar('counter')),
    ...LABELLED_COUNTERS.map(metric => labelledFamily(metric, answered)),
    ...GAUGES.map(scalar('gauge')),
    hopFamily(answered),
    ...DURATIONS.map(metric => durationFamily(metric, answered)),
  ];
}

type Scalar = [name: string, help: string, read: (hub: HubOperations) => number | null];

const COUNTERS: Scalar[] = [
  ['duplicates_total', 'Events that were on the tape already', ({ counts }) => counts.duplicates],
  ['unmatched_outcomes_total', 'Outcomes of detections that the hub does not know', h => h.counts.unmatched_outcomes],
  ['gaps_total', 'Gaps put on the tape', ({ counts }) => counts.gaps],
  ['probes_total', 'Probes of starting consumers', ({ counts }) => counts.probes],
  ['batches_total', 'Batches taken', ({ counts }) => counts.batches],
  ['replayed_batches_total', 'Batches that had been taken before', ({ counts }) => counts.replayed_batches],
  ['flushes_total', 'Flushes', ({ counts }) => counts.flushes],
  ['frames_total', 'WebSocket messages handed to sockets', ({ counts }) => counts.frames],
  ['sent_bytes_total', 'Bytes of the WebSocket messages handed to sockets', ({ counts }) => counts.sent_bytes],
  ['deliveries_total', 'Events handed to sockets live, once per session', ({ counts }) => counts.deliveries],
  ['backfilled_events_total', 'Events handed to sockets by backfills', ({ counts }) => counts.backfilled],
  ['enrichment_errors_total', 'Events that could not be enriched', ({ counts }) => counts.enrichment_errors],
  ['send_errors_total', 'Messages that a socket did not take', ({ counts }) => counts.send_errors],
  ['connections_total', 'WebSockets accepted', ({ counts }) => counts.connections],
  ['routing_cache_hits_total', 'Routing decisions found in the cache', ({ cache }) => cache.hits],
  ['routing_cache_misses_total', 'Routing decisions made anew', ({ cache }) => cache.misses],
];

const GAUGES: Scalar[] = [
  ['sessions', 'Sessions', ({ sessions }) => sessions.open],
  ['live_sessions', 'Sessions that get events live', ({ sessions }) => sessions.live],
  ['backfilling_sessions', 'Sessions that are behind, in a backfill', ({ sessions }) => sessions.backfilling],
  ['replicas', 'Objects that are to hold the sockets of a topic', ({ replicas }) => replicas.configured],
  ['replicas_active', 'Of these, that have sessions at them or below', ({ replicas }) => replicas.active],
  ['replicas_unanswered', 'Of the active ones, that gave no answer to this scrape', h => h.replicas.unanswered],
  ['subscriptions', 'Subscriptions of all sessions', ({ subscriptions }) => subscriptions],
  ['queued_bytes', 'Bytes that sockets have not read', hub => hub.queued_bytes],
  ['routing_cache_entries', 'Routing decisions in the cache', ({ cache }) => cache.entries],
  ['tape_rows', 'Events and gaps on the tape', ({ tape }) => tape.rows],
  ['tape_max_rows', 'The most that the tape keeps', ({ tape }) => tape.max_rows],
  ['storage_bytes', 'Bytes of all that the hub stores', ({ tape }) => tape.storage_bytes],
  ['last_event_timestamp_seconds', 'When the newest event came in', h => seconds(h.last_event_at_ms)],
  ['bridge_heartbeat_age_seconds', 'Since the newest heartbeat of a bridge', h => seconds(h.heartbeat_age_ms)],
  ['bridges', 'Bridges with a heartbeat within 45 s', ({ bridges }) => bridges.length],
  ['bridges_connected', 'Of these, that hear Redis', h => h.bridges.filter(isConnected).length],
];

type Counted = [labels: Labels, value: number];
type Labelled = [name: string, help: string, read: (hub: HubOperations) => Counted[]];

const LABELLED_COUNTERS: Labelled[] = [
  ['events_total', 'Events put on the tape', hub => by('channel', hub.appended_by_channel)],
  [
    'withheld_events_total',
    'Events that matched a session and were not sent',
    ({ counts }) => by('reason', { rate_limited: counts.rate_limited, skipped: counts.skipped }),
  ],
  ['connections_closed_total', 'WebSockets closed, by code', ({ counts }) => by('code', counts.closed)],
  ['client_errors_total', 'Messages of clients that were refused', ({ counts }) => by('code', counts.client_errors)],
  ['denied_total', 'Who was turned away, by cause', ({ counts }) => by('cause', counts.denied)],
  [
    'rejects_total',
    'Messages and items that a bridge could not read',
    hub => hub.rejects.map(({ channel, reason, count }) => [{ channel, reason }, count]),
  ],
  [
    'not_routed_total',
    'Messages of kinds that no topic carries',
    hub => hub.not_routed.map(({ channel, kind, count }) => [{ channel, kind }, count]),
  ],
];

const DURATIONS: [name: string, help: string, histogram: HistogramName][] = [
  ['append_seconds', "A batch's transaction", 'append_ms'],
  ['match_seconds', 'Deciding who gets what in a flush', 'plan_ms'],
  ['flush_seconds', 'A flush', 'flush_ms'],
];

function scalarFamily(type: 'counter' | 'gauge', metric: Scalar, hubs: readonly HubOperations[]): Family {
  const [name, help, read] = metric;
  const samples = hubs.flatMap(hub => {
    const value = read(hub);
    return value === null ? [] : [{ labels: { topic: hub.topic }, value }];
  });
  return { ...named(name, help), type, samples };
}

function labelledFamily([name, help, read]: Labelled, hubs: readonly HubOperations[]): Family {
  const samples = hubs.flatMap(hub =>
    read(hub).map(([labels, value]) => ({ labels: { topic: hub.topic, ...labels }, value })),
  );
  return { ...named(name, help), type: 'counter', samples };
}

function hopFamily(hubs: readonly HubOperations[]): Family {
  const samples = hubs.flatMap(hub =>
    HOP_HISTOGRAMS.map(hop => histogramSample(hub, hop, { topic: hub.topic, hop: hop.replace(/_ms$/, '') })),
  );
  return { ...named('hop_seconds', 'How long events took, by hop'), type: 'histogram', samples };
}

function durationFamily(metric: (typeof DURATIONS)[number], hubs: readonly HubOperations[]): Family {
  const [name, help, histogram] = metric;
  const samples = hubs.map(hub => histogramSample(hub, histogram, { topic: hub.topic }));
  return { ...named(name, help), type: 'histogram', samples };
}

function histogramSample(hub: HubOperations, name: HistogramName, labels: Labels): HistogramSample {
  const { cumulative, sum_ms } = hub.histograms[name];
  return { labels, bounds: BOUNDS_SECONDS, cumulative, sum: sum_ms / 1_000 };
}

function named(name: string, help: string): { name: string; help: string } {
  return { name: `tickstock_edge_${name}`, help };
}

function by(label: string, counts: Readonly<Record<string, number>>): Counted[] {
  return Object.entries(counts).map(([value, count]) => [{ [label]: value }, count]);
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}

function isConnected({ heartbeat }: HubOperations['bridges'][number]): boolean {
  return heartbeat.redis_connected;
}
