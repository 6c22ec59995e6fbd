import type { Channels } from '../../../shared/api/channels.ts';
import type { Operations } from '../../../shared/api/operations.ts';
import type { Sessions } from '../../../shared/api/sessions.ts';
import type { Tier } from '../../../shared/topics.ts';
import { get } from '../api.ts';

/** Whether the data of each tier is alive, and why not; of a hub that does not answer only that. */
export interface TierHealth {
  tiers: Record<
    Tier,
    {
      status: 'ok' | 'degraded' | 'stale' | 'unreachable';
      reasons: string[];
      last_event_at?: string | null;
      gaps_24h?: number;
      rejects: number | null;
    }
  >;
}

/** Messages that could not be read, newest first; counts of all, and of those that no topic carries. */
export interface Rejects {
  rejects: { channel: string; reason: string; sample: string; at: string }[];
  counts: { channel: string; reason: string; count: number }[];
  not_routed: { channel: string; kind: string; count: number }[];
}

/** What each hub has done and holds. Throws like `getCount`. */
export function getOperations(signal?: AbortSignal): Promise<Operations> {
  return get('operations', {}, signal);
}

/** Who hears what on which channel. Throws like `getCount`. */
export function getChannels(signal?: AbortSignal): Promise<Channels> {
  return get('channels', {}, signal);
}

/** What could not be read. Throws like `getCount`. */
export function getRejects(signal?: AbortSignal): Promise<Rejects> {
  return get('rejects', { limit: 50 }, signal);
}

/** The slowest sessions. Throws like `getCount`. */
export function getSessions(limit: number, signal?: AbortSignal): Promise<Sessions> {
  return get('sessions', { limit }, signal);
}

/** Throws like `getCount`. */
export function getTierHealth(signal?: AbortSignal): Promise<TierHealth> {
  return get('patterns/tiers/health', {}, signal);
}
