import { type BridgeHeartbeat, bridgeNameOf, bridgeStartOf } from '../../shared/ingest-protocol.ts';
import { BRIDGE_ALIVE_MS } from '../../shared/limits.ts';
import { awaitCoverage, type Coverage, type CoverageGap, emptyCoverage, takeReport } from '../core/coverage.ts';
import type { HubBatch } from './intake.ts';

/** A bridge that has not posted for this long is forgotten; signatures are refused long before. */
const FORGET_AFTER_MS = 24 * 3_600_000;

/**
 * What a hub knows of the bridges that post to it: the last batch of each, so that one delivered twice has no second
 * effect; their heartbeats; and when, all together, they have covered Redis.
 */
export class Bridges {
  readonly #sql: SqlStorage;
  /** Whether a session has been here since this object woke. */
  #isAwaited = false;

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
      CREATE TABLE IF NOT EXISTS bridge_coverage (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL);
    `);
  }

  /**
   * Notes a batch.
   * @returns the gaps that can be told now, its own among them, by the hub's clock; null when that bridge has posted the
   * batch, or a later one, before
   */
  take(batch: HubBatch, nowMs: number): CoverageGap[] | null {
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
    return this.#cover(batch, known?.has_covered === 1);
  }

  /** A session is here, and is to be told of any time that no bridge covers. */
  awaitCoverage(nowMs: number): void {
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    const coverage = this.#readCoverage();
    if (awaitCoverage(coverage, nowMs)) this.#writeCoverage(coverage);
  }

  beat(bridgeId: string, heartbeat: BridgeHeartbeat, nowMs: number): void {
    this.#sql.exec(
      'UPDATE bridges SET heartbeat_at_ms = ?, heartbeat = ? WHERE bridge_id = ?',
      nowMs,
      JSON.stringify(heartbeat),
      bridgeId,
    );
  }

  /** The bridges with a recent heartbeat, newest first; of a bridge that was started again, that start alone. */
  alive(nowMs: number): { bridgeId: string; heartbeatAtMs: number; heartbeat: BridgeHeartbeat }[] {
    const rows = this.#sql
      .exec<{ bridge_id: string; heartbeat_at_ms: number; heartbeat: string }>(
        'SELECT bridge_id, heartbeat_at_ms, heartbeat FROM bridges WHERE heartbeat_at_ms > ? ORDER BY heartbeat_at_ms DESC',
        nowMs - BRIDGE_ALIVE_MS,
      )
      .toArray();
    const nameOf = ({ bridge_id }: { bridge_id: string }) => bridgeNameOf(bridge_id) ?? bridge_id;
    const lastStarts = new Map<string, number>();
    for (const row of rows) {
      const start = bridgeStartOf(row.bridge_id);
      lastStarts.set(nameOf(row), Math.max(start, lastStarts.get(nameOf(row)) ?? start));
    }
    return rows
      .filter(row => bridgeStartOf(row.bridge_id) === lastStarts.get(nameOf(row)))
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

  #cover(batch: HubBatch, hasCovered: boolean): CoverageGap[] {
    const coverage = this.#readCoverage();
    const report = {
      bridgeId: batch.bridge_id,
      bridgeName: bridgeNameOf(batch.bridge_id),
      covers: batch.covers,
      uncoveredAtMs: uncoveredAt(batch),
      sentAtMs: batch.sent_at_ms,
      leastOffsetMs: batch.worker_ahead_ms ?? null,
      hasCovered,
    };
    const { gaps, offset } = takeReport(coverage, report, batch.edge_at_ms);
    this.#writeCoverage(coverage);
    const own = batch.gaps.map(({ from_ms, to_ms, reason }) => ({
      fromMs: Math.min(from_ms + offset.leastMs, batch.edge_at_ms),
      toMs: Math.min(to_ms + offset.mostMs, batch.edge_at_ms),
      reason,
    }));
    return [...gaps, ...own];
  }

  #readCoverage(): Coverage {
    const [row] = this.#sql.exec<{ json: string }>('SELECT json FROM bridge_coverage');
    return row ? JSON.parse(row.json) : emptyCoverage();
  }

  #writeCoverage(coverage: Coverage): void {
    this.#sql.exec(
      'INSERT INTO bridge_coverage (only, json) VALUES (1, ?1) ON CONFLICT DO UPDATE SET json = ?1',
      JSON.stringify(coverage),
    );
  }
}

/** When the bridge was without a subscription: only a batch that has nothing of an earlier one left to tell says so. */
function uncoveredAt({ covers, events, heartbeat }: HubBatch): number | null {
  const isOver = covers === null && events.length === 0;
  return isOver && heartbeat && !heartbeat.redis_connected ? heartbeat.at_ms : null;
}
