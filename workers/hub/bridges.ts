import type { BridgeHeartbeat, Covers } from '../../shared/ingest-protocol.ts';
import { BRIDGE_ALIVE_MS } from '../../shared/limits.ts';
import { type CoverageGap, extendCoverage } from '../core/coverage.ts';

/** A bridge that has not posted for this long is forgotten; signatures are refused long before. */
const FORGET_AFTER_MS = 24 * 3_600_000;

/**
 * What a hub knows of the bridges that post to it: the last batch of each, so that one delivered twice has no second
 * effect; their heartbeats; and up to when, all together, they have covered Redis.
 */
export class Bridges {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS bridges (
        bridge_id TEXT PRIMARY KEY,
        batch_id INTEGER NOT NULL,
        has_covered INTEGER NOT NULL,
        seen_at_ms INTEGER NOT NULL,
        heartbeat_at_ms INTEGER,
        heartbeat TEXT
      );
      CREATE TABLE IF NOT EXISTS coverage (only INTEGER PRIMARY KEY CHECK (only = 1), covered_to_ms INTEGER NOT NULL);
    `);
  }

  /** Notes a batch. @returns null when that bridge has posted it, or a later one, before */
  take(
    batch: { bridge_id: string; batch_id: number; covers: Covers | null },
    nowMs: number,
  ): { gap: CoverageGap | null } | null {
    const known = this.#sql
      .exec<{ batch_id: number; has_covered: number }>(
        'SELECT batch_id, has_covered FROM bridges WHERE bridge_id = ?',
        batch.bridge_id,
      )
      .toArray()[0];
    if (known && batch.batch_id <= known.batch_id) return null;
    this.#sql.exec(
      `INSERT INTO bridges (bridge_id, batch_id, seen_at_ms, has_covered) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET batch_id = ?2, seen_at_ms = ?3, has_covered = has_covered OR ?4`,
      batch.bridge_id,
      batch.batch_id,
      nowMs,
      batch.covers === null ? 0 : 1,
    );
    if (!known) this.#sql.exec('DELETE FROM bridges WHERE seen_at_ms < ?', nowMs - FORGET_AFTER_MS);
    return { gap: batch.covers && this.#cover(batch.covers, known?.has_covered === 1, nowMs) };
  }

  beat(bridgeId: string, heartbeat: BridgeHeartbeat, nowMs: number): void {
    this.#sql.exec(
      'UPDATE bridges SET heartbeat_at_ms = ?, heartbeat = ? WHERE bridge_id = ?',
      nowMs,
      JSON.stringify(heartbeat),
      bridgeId,
    );
  }

  /** The bridges with a recent heartbeat, newest first. */
  alive(nowMs: number): { bridgeId: string; heartbeatAtMs: number; heartbeat: BridgeHeartbeat }[] {
    return this.#sql
      .exec<{ bridge_id: string; heartbeat_at_ms: number; heartbeat: string }>(
        'SELECT bridge_id, heartbeat_at_ms, heartbeat FROM bridges WHERE heartbeat_at_ms > ? ORDER BY heartbeat_at_ms DESC',
        nowMs - BRIDGE_ALIVE_MS,
      )
      .toArray()
      .map(row => ({
        bridgeId: row.bridge_id,
        heartbeatAtMs: row.heartbeat_at_ms,
        heartbeat: JSON.parse(row.heartbeat),
      }));
  }

  /** Those of them that hear Redis: only they make data fresh. */
  connected(nowMs: number): { heartbeat: BridgeHeartbeat }[] {
    return this.alive(nowMs).filter(({ heartbeat }) => heartbeat.redis_connected);
  }

  /** When the newest heartbeat of any bridge came, alive or not. */
  lastHeartbeatAtMs(): number | null {
    return this.#sql.exec<{ at: number | null }>('SELECT max(heartbeat_at_ms) AS at FROM bridges').one().at;
  }

  #cover(covers: Covers, hasCovered: boolean, nowMs: number): CoverageGap | null {
    const row = this.#sql.exec<{ covered_to_ms: number }>('SELECT covered_to_ms FROM coverage').toArray()[0];
    // A bridge whose clock is ahead must not hide a gap that comes in the time it is ahead by.
    const past = { from_ms: Math.min(covers.from_ms, nowMs), to_ms: Math.min(covers.to_ms, nowMs) };
    const { coveredToMs, gap } = extendCoverage(row?.covered_to_ms ?? null, past, hasCovered);
    this.#sql.exec(
      'INSERT INTO coverage (only, covered_to_ms) VALUES (1, ?1) ON CONFLICT DO UPDATE SET covered_to_ms = ?1',
      coveredToMs,
    );
    return gap;
  }
}
