import type { HubOperations } from '../../shared/api/operations.ts';
import { analyticsPoint, type Snapshot } from '../core/analytics-point.ts';

/** A hub that is busy writes a data point this often; one that hears only heartbeats no less often. */
const POINT_EVERY_MS = 60_000;

/**
 * Writes to Analytics Engine, where it is bound, what a hub did since the point before. What that point told is stored,
 * so that nothing is told twice or left out when the hub has slept.
 */
export class Analytics {
  readonly #sql: SqlStorage;
  readonly #dataset: AnalyticsEngineDataset | undefined;
  #before: Snapshot | null = null;
  #isReading = false;

  constructor(sql: SqlStorage, dataset: AnalyticsEngineDataset | undefined) {
    this.#sql = sql;
    this.#dataset = dataset;
    if (!dataset) return;
    sql.exec('CREATE TABLE IF NOT EXISTS analytics (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL)');
    const [row] = sql.exec<{ json: string }>('SELECT json FROM analytics');
    if (row) this.#before = JSON.parse(row.json);
  }

  /**
   * Called after each batch; writes when it is time, and never throws.
   * @param read asked only then
   */
  async note(read: () => Promise<HubOperations>, nowMs: number): Promise<void> {
    const before = this.#before;
    if (!this.#dataset || this.#isReading || (before && nowMs - before.at_ms < POINT_EVERY_MS)) return;
    this.#isReading = true;
    try {
      const { topic, at_ms, counts, histograms, sessions, subscriptions, queued_bytes, tape } = await read();
      const now = { topic, at_ms, counts, histograms, sessions, subscriptions, queued_bytes, tape };
      const json = JSON.stringify(now);
      if (before) this.#dataset.writeDataPoint(analyticsPoint(before, now));
      this.#sql.exec('INSERT INTO analytics (only, json) VALUES (1, ?1) ON CONFLICT DO UPDATE SET json = ?1', json);
      this.#before = JSON.parse(json);
    } catch (error) {
      console.error('no data point could be written', error);
    } finally {
      this.#isReading = false;
    }
  }
}
