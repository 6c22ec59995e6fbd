import type { Topic } from '../../shared/topics.ts';
import { marketSessionAt } from '../core/calendar.ts';
import type { Histogram } from '../core/histogram.ts';
import type { Router } from '../core/router.ts';
import type { Backfills } from './backfills.ts';
import type { Bridges } from './bridges.ts';
import type { Counters, Counts } from './counters.ts';
import type { Sessions } from './sessions.ts';
import type { Sockets } from './sockets.ts';
import type { StoredGap, Tape } from './tape.ts';

/** In regular trading the producer is never this quiet: ticks, indicators and its own health come all the time. */
const PRODUCER_SILENT_MS = 5 * 60_000;

export interface Reported {
  topic: Topic;
  tape: Tape;
  bridges: Bridges;
  sessions: Sessions;
  sockets: Sockets;
  backfills: Backfills;
  router: Router;
  counters: Counters;
}

/** Whether a topic's data is alive, and why not. */
export interface HubHealth {
  topic: Topic;
  /** `stale`: no bridge posts, what is shown may be old. `degraded`: it flows, but something is wrong. */
  status: 'ok' | 'degraded' | 'stale';
  reasons: string[];
  head: number;
  last_event_at: string | null;
  sessions: number;
  bridges: number;
  /** Since the newest bridge heartbeat; null when there never was one. */
  heartbeat_age_ms: number | null;
  redis_latency_ms: number | null;
  last_message_at: string | null;
  /** The newest that is kept. */
  last_gap: StoredGap | null;
  /** Gaps that end within the last 24 hours. */
  gaps_24h: number;
}

const DAY_MS = 24 * 3_600_000;

export function hubHealth({ topic, tape, bridges, sessions }: Reported, nowMs: number): HubHealth {
  const alive = bridges.alive(nowMs);
  const beats = alive.map(({ heartbeat }) => heartbeat);
  const lastHeartbeatAtMs = bridges.lastHeartbeatAtMs();
  const lastMessageAtMs = Math.max(...beats.map(beat => beat.last_message_at_ms ?? 0), 0) || null;
  const reasons = beats.flatMap(beat => beat.reasons);
  if (alive.length === 0) {
    reasons.push(lastHeartbeatAtMs === null ? 'no bridge has posted yet' : 'no heartbeat of any bridge');
  } else if (!beats.some(beat => beat.redis_connected)) {
    reasons.push('no bridge is connected to Redis');
  } else if (marketSessionAt(nowMs) === 'regular' && nowMs - (lastMessageAtMs ?? 0) > PRODUCER_SILENT_MS) {
    reasons.push('the producer is silent in regular trading');
  }
  return {
    topic,
    status: alive.length === 0 ? 'stale' : reasons.length > 0 ? 'degraded' : 'ok',
    reasons: [...new Set(reasons)],
    head: tape.head,
    last_event_at: isoOrNull(tape.lastEventAtMs),
    sessions: sessions.size,
    bridges: alive.length,
    heartbeat_age_ms: lastHeartbeatAtMs === null ? null : nowMs - lastHeartbeatAtMs,
    redis_latency_ms: beats[0]?.redis_latency_ms ?? null,
    last_message_at: isoOrNull(lastMessageAtMs),
    last_gap: tape.readGaps({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 1 })[0] ?? null,
    gaps_24h: tape.countGaps(nowMs - DAY_MS),
  };
}

/** What a hub has done and holds; counts are since its tape began, the cache's since it last woke. */
export interface HubStats extends Counts {
  topic: Topic;
  sessions: number;
  live_sessions: number;
  backfilling_sessions: number;
  subscriptions: number;
  queued_bytes: number;
  cache: { hits: number; misses: number; hit_rate: number | null; entries: number };
  latency: Record<keyof Counters['histograms'], ReturnType<Histogram['summary']>>;
}

export function hubStats(hub: Reported, nowMs: number): HubStats {
  const { hits, misses } = hub.router;
  const latency = Object.fromEntries(
    Object.entries(hub.counters.histograms).map(([name, histogram]) => [name, histogram.summary()]),
  ) as HubStats['latency'];
  return {
    topic: hub.topic,
    sessions: hub.sessions.size,
    live_sessions: hub.sessions.live.size,
    backfilling_sessions: hub.backfills.size,
    subscriptions: hub.sessions.index.size,
    queued_bytes: hub.sockets.queuedBytes(nowMs),
    ...hub.counters.counts,
    cache: {
      hits,
      misses,
      hit_rate: hits + misses === 0 ? null : hits / (hits + misses),
      entries: hub.router.cachedDecisions,
    },
    latency,
  };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
