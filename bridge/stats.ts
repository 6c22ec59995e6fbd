import { TOPICS, type Topic } from '../shared/topics.ts';
import type { Health } from './health.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { SourceStatus } from './source.ts';
import type { Watch, WatchCounts } from './watch.ts';

/** How a bridge is doing. */
export interface BridgeStats extends Health, WatchCounts {
  bridgeId: string;
  redis: Omit<SourceStatus, 'reasons'>;
  /** Events that wait, by topic. */
  queued: Record<Topic, number>;
  /** Events given up, for want of room or because the disk lost them. */
  dropped: number;
  /** Entries of streams that are read and not acknowledged yet; null when none are read. */
  openEntries: number | null;
  /** What is on disk of what waits, and what is not. */
  outbox: {
    path: string;
    events: number;
    bytes: number;
    /** Of the oldest event that waits, on disk or not; null when none does. */
    oldestAgeMs: number | null;
    inMemoryAlone: { events: number; forMs: number | null };
  };
}

/** What the stats of a bridge are read from. */
export interface StatsFacts {
  bridgeId: string;
  health: Health;
  source: SourceStatus;
  openEntries: number | null;
  watch: Watch;
  outbox: Outbox;
  /** Of the outbox's file. */
  path: string;
}

export function readStats(facts: StatsFacts, nowMs: number): BridgeStats {
  const { bridgeId, health, source, openEntries, watch, outbox, path } = facts;
  const { reasons: _, ...redis } = source;
  const { events, bytes, oldestMs, dropped, lanes, inMemoryAlone: alone } = outbox;
  const ageOf = (sinceMs: number | null) => (sinceMs === null ? null : nowMs - sinceMs);
  return {
    ...health,
    bridgeId,
    redis,
    ...watch.counts(),
    queued: Object.fromEntries(TOPICS.map(topic => [topic, lanes[topic].events])) as BridgeStats['queued'],
    dropped,
    openEntries,
    outbox: {
      path,
      events: events - alone.events,
      bytes: bytes - alone.bytes,
      oldestAgeMs: ageOf(oldestMs),
      inMemoryAlone: { events: alone.events, forMs: ageOf(alone.sinceMs) },
    },
  };
}
