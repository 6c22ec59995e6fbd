import { bridgeNameOf, type HeardChannel } from '../../shared/ingest-protocol.ts';
import { BRIDGE_ALIVE_MS } from '../../shared/limits.ts';
import type { RejectMinute } from '../core/reject-rates.ts';

/** What is not told again for this long is forgotten. */
const FORGET_REPORTS_AFTER_MS = 24 * 3_600_000;
const FORGET_TIMES_AFTER_MS = 90 * 24 * 3_600_000;
/** Channels whose times are remembered; past that those go that nobody has listened to for longest. */
const MAX_TIMES = 1_000;

/** What a bridge told last of its channels. */
export interface ChannelReport {
  bridgeId: string;
  /** By the hub's clock. */
  toldAtMs: number;
  isAlive: boolean;
  channels: HeardChannel[];
}

/** When a channel was heard, and listened to. */
export interface ChannelTimes {
  /** When its newest message came, by the clock of the bridge that got it; null: none yet. */
  lastMessageAtMs: number | null;
  /** Bridges have told of listening to it, without a break, from then to then. */
  listenedSinceMs: number;
  listenedToMs: number;
}

/** All that `system` knows of channels. */
export interface ChannelFacts {
  reports: ChannelReport[];
  times: Record<string, ChannelTimes>;
  rejects: { channel: string; reason: string; count: number }[];
  /** Those of the last half hour. */
  rejectMinutes: RejectMinute[];
  notRouted: { channel: string; kind: string; count: number }[];
}

/**
 * What the bridges hear on which channel: of each bridge what its newest start told last, and over all of them, earlier
 * starts too, when each channel was heard and listened to. Only on `system`.
 */
export class HeardChannels {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS channel_reports (
        bridge_name TEXT PRIMARY KEY, bridge_id TEXT NOT NULL, told_at_ms INTEGER NOT NULL, json TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS channel_times (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL);
    `);
  }

  take(bridgeId: string, channels: readonly HeardChannel[], nowMs: number): void {
    this.#sql.exec(
      `INSERT INTO channel_reports (bridge_name, bridge_id, told_at_ms, json) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET bridge_id = ?2, told_at_ms = ?3, json = ?4`,
      bridgeNameOf(bridgeId) ?? bridgeId,
      bridgeId,
      nowMs,
      JSON.stringify(channels),
    );
    this.#sql.exec('DELETE FROM channel_reports WHERE told_at_ms < ?', nowMs - FORGET_REPORTS_AFTER_MS);
    this.#noteTimes(channels, nowMs);
  }

  /** The newest told first. */
  reports(nowMs: number): ChannelReport[] {
    return this.#sql
      .exec<{ bridge_id: string; told_at_ms: number; json: string }>(
        'SELECT bridge_id, told_at_ms, json FROM channel_reports ORDER BY told_at_ms DESC',
      )
      .toArray()
      .map(row => ({
        bridgeId: row.bridge_id,
        toldAtMs: row.told_at_ms,
        isAlive: row.told_at_ms > nowMs - BRIDGE_ALIVE_MS,
        channels: JSON.parse(row.json),
      }));
  }

  times(): Record<string, ChannelTimes> {
    const row = this.#sql.exec<{ json: string }>('SELECT json FROM channel_times').toArray()[0];
    return row ? JSON.parse(row.json) : {};
  }

  /** One row for all: a row each would be written with every heartbeat. */
  #noteTimes(channels: readonly HeardChannel[], nowMs: number): void {
    const times = this.times();
    for (const { channel, subscribed, last_message_at_ms: atMs } of channels) {
      const known = times[channel];
      const lastMessageAtMs = Math.max(known?.lastMessageAtMs ?? 0, atMs ?? 0) || null;
      const isUnbroken = known && nowMs - known.listenedToMs < BRIDGE_ALIVE_MS;
      if (subscribed === false) {
        if (known) known.lastMessageAtMs = lastMessageAtMs;
        continue;
      }
      const listenedSinceMs = isUnbroken ? known.listenedSinceMs : nowMs;
      times[channel] = { lastMessageAtMs, listenedSinceMs, listenedToMs: nowMs };
    }
    const kept = Object.entries(times)
      .filter(([, { listenedToMs }]) => listenedToMs > nowMs - FORGET_TIMES_AFTER_MS)
      .sort(([, a], [, b]) => b.listenedToMs - a.listenedToMs)
      .slice(0, MAX_TIMES);
    this.#sql.exec(
      'INSERT INTO channel_times (only, json) VALUES (1, ?1) ON CONFLICT DO UPDATE SET json = ?1',
      JSON.stringify(Object.fromEntries(kept)),
    );
  }
}
