import type { HubStats } from '../../shared/api/websocket-health.ts';
import type { TapePolicy } from '../../shared/tier-policy.ts';
import type { Topic } from '../../shared/topics.ts';
import { type Figures, histogramsOf } from '../core/figures.ts';
import type { Router } from '../core/router.ts';
import type { Bridges } from './bridges.ts';
import type { Counters } from './counters.ts';
import type { Refusals } from './refusals.ts';
import type { StoredGap, Tape } from './tape.ts';

export interface Reported {
  topic: Topic;
  storage: SqlStorage;
  tape: Tape;
  policy: TapePolicy;
  bridges: Bridges;
  router: Router;
  counters: Counters;
  refusals: Refusals;
  /** Objects below this one that are to hold the sockets. */
  replicas: number;
}

/** What tells whether a topic's data is alive. */
export interface HubVitals {
  topic: Topic;
  head: number;
  last_event_at: string | null;
  sessions: number;
  /** Those with a recent heartbeat. */
  bridges: { isConnected: boolean; reasons: string[] }[];
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

/** @param sessions of all objects of the topic */
export function hubVitals({ topic, tape, bridges }: Reported, sessions: number, nowMs: number): HubVitals {
  const alive = bridges.alive(nowMs);
  const beats = alive.map(({ heartbeat }) => heartbeat);
  const lastHeartbeatAtMs = bridges.lastHeartbeatAtMs();
  const lastMessageAtMs = Math.max(...beats.map(beat => beat.last_message_at_ms ?? 0), 0) || null;
  return {
    topic,
    head: tape.head,
    last_event_at: isoOrNull(tape.lastEventAtMs),
    sessions,
    bridges: beats.map(beat => ({ isConnected: beat.redis_connected, reasons: beat.reasons })),
    heartbeat_age_ms: lastHeartbeatAtMs === null ? null : nowMs - lastHeartbeatAtMs,
    redis_latency_ms: beats[0]?.redis_latency_ms ?? null,
    last_message_at: isoOrNull(lastMessageAtMs),
    last_gap: tape.readGaps({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 1 })[0] ?? null,
    gaps_24h: tape.countGaps(nowMs - DAY_MS),
  };
}

/** @param figures of all objects of the topic */
export function hubStats({ topic, router }: Reported, figures: Figures): HubStats {
  const { hits, misses } = router;
  const latency = Object.fromEntries(
    Object.entries(histogramsOf(figures)).map(([name, histogram]) => [name, histogram.summary()]),
  ) as HubStats['latency'];
  return {
    topic,
    sessions: figures.sessions.open,
    live_sessions: figures.sessions.live,
    backfilling_sessions: figures.sessions.backfilling,
    subscriptions: figures.subscriptions,
    queued_bytes: figures.queued_bytes,
    ...figures.counts,
    cache: {
      hits,
      misses,
      hit_rate: hits + misses === 0 ? null : hits / (hits + misses),
      entries: router.cachedDecisions,
    },
    latency,
  };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
