import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ChannelTable } from '../shared/channels.ts';
import { TOPICS } from '../shared/topics.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { SourceStatus } from './source.ts';

/** What is read at each scrape rather than counted as it happens. */
export interface MetricsFacts {
  outbox: Outbox;
  source: () => SourceStatus;
  /** Entries of streams that are not acknowledged; null when none are read. */
  openEntries: () => number | null;
  clockOffsetMs: () => number | null;
  lastMessageAtMs: () => number | null;
  /** How many reasons the bridge has to call itself degraded. */
  reasons: () => number;
  channels: ChannelTable;
  /** What may wait, in memory and on disk. */
  outboxMaxBytes: number;
}

export type Metrics = ReturnType<typeof createMetrics>;

const SECONDS = [
  0.000_01, 0.000_05, 0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60,
];

/** The bridge's own registry: several bridges in one process do not mix. */
export function createMetrics({ outbox, source, openEntries, clockOffsetMs, ...facts }: MetricsFacts) {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number | null) =>
    new Gauge({
      name: `tickstock_bridge_${name}`,
      help,
      registers,
      collect() {
        this.set(read() ?? Number.NaN);
      },
    });
  const perTopic = (name: string, help: string, read: (topic: (typeof TOPICS)[number]) => number) =>
    new Gauge({
      name: `tickstock_bridge_${name}`,
      help,
      labelNames: ['topic'],
      registers,
      collect() {
        for (const topic of TOPICS) this.set({ topic }, read(topic));
      },
    });
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `tickstock_bridge_${name}`, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Histogram({ name: `tickstock_bridge_${name}`, help, labelNames, registers, buckets: SECONDS });

  perTopic('queued_events', 'Events that wait to be posted', topic => outbox.lanes[topic].events);
  perTopic('queued_bytes', 'Bytes of the events that wait to be posted', topic => outbox.lanes[topic].bytes);
  const onDisk = (of: 'events' | 'bytes') => outbox[of] - outbox.inMemoryAlone[of];
  const ageSeconds = (sinceMs: number | null) => (sinceMs === null ? 0 : (Date.now() - sinceMs) / 1_000);
  gauge('outbox_disk_events', 'Events that wait and are on disk', () => onDisk('events'));
  gauge('outbox_disk_bytes', 'Bytes of the events that wait and are on disk', () => onDisk('bytes'));
  gauge('outbox_memory_events', 'Events that wait in memory alone', () => outbox.inMemoryAlone.events);
  gauge('outbox_memory_seconds', 'Age of the oldest of them', () => ageSeconds(outbox.inMemoryAlone.sinceMs));
  gauge('outbox_max_bytes', 'The most that may wait', () => facts.outboxMaxBytes);
  gauge('outbox_oldest_seconds', 'Age of the oldest event that waits', () => ageSeconds(outbox.oldestMs));
  gauge('redis_connected', '1 while the subscription stands', () => Number(source().connected));
  gauge('redis_latency_seconds', 'Round trip of the last check', () => seconds(source().latencyMs));
  gauge('redis_channels_subscribed', 'Channels that Redis shows us on', () => source().channelsSubscribed);
  gauge('redis_channels_wanted', 'Channels of the table', () => source().channelsWanted);
  gauge('stream_entries_open', 'Entries of streams that are read and not acknowledged', openEntries);
  gauge('clock_offset_seconds', "How far the Worker's clock is ahead of ours", () => seconds(clockOffsetMs()));
  gauge('last_message_timestamp_seconds', 'When the newest message came in', () => seconds(facts.lastMessageAtMs()));
  gauge('degraded_reasons', 'Reasons for which the bridge calls itself degraded', facts.reasons);
  const messages = counter('messages_total', 'Redis messages received', ['channel']);
  const unauthorized = counter('unauthorized_total', 'Tries that the Worker refused with 401', ['topic']);
  // A counter that appears with its first event has no rise that Prometheus could see.
  for (const channel of Object.keys(facts.channels)) messages.inc({ channel }, 0);
  for (const topic of TOPICS) unauthorized.inc({ topic }, 0);
  return {
    registry,
    messages,
    unauthorized,
    events: counter('events_total', 'Events read from messages', ['channel', 'kind', 'tier']),
    rejects: counter('rejects_total', 'Messages and items that could not be read', ['channel', 'reason']),
    notRouted: counter('not_routed_total', 'Messages of kinds that no topic carries', ['channel']),
    jobs: counter('jobs_total', 'Requests to publish a job, by what came of them', ['outcome']),
    probes: counter('probes_total', 'Probes of starting consumers', []),
    dropped: counter('dropped_total', 'Events given up because too many waited', []),
    batches: counter('batches_total', 'Tries to post a batch, by what came of them', ['topic', 'verdict']),
    redisLagSeconds: histogram('redis_lag_seconds', 'From publishing, where the producer says when, to receipt', [
      'channel',
    ]),
    parseSeconds: histogram('parse_seconds', 'Reading one message', []),
    waitSeconds: histogram('wait_seconds', 'From receipt of the oldest event of a batch to its being taken', ['topic']),
    postSeconds: histogram('post_seconds', 'One try to post a batch', ['topic']),
  };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}
