import type { SuccessRates } from '../../shared/api/performance.ts';
import type { Event, IngestEvent, OutcomeEvent, PatternEvent } from '../../shared/events.ts';

/** Detections are known for this long, whatever the tape's retention: outcomes come up to 30 trading days later. */
const KEEP_MS = 60 * 24 * 3_600_000;
const KEEP_ROWS = 2_000_000;
const TRIM_ROWS = 1_000;

/** The detections a tier's hub has seen, and what the producer said became of them. Nothing here is reckoned from prices. */
export class Outcomes {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS detections (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        producer_id TEXT,
        pattern_type TEXT NOT NULL,
        symbol TEXT NOT NULL,
        detected_at_ms INTEGER NOT NULL,
        confidence REAL NOT NULL,
        received_at_ms INTEGER NOT NULL,
        success_1d INTEGER,
        success_5d INTEGER,
        success_30d INTEGER
      );
      CREATE INDEX IF NOT EXISTS detections_producer_id ON detections (producer_id) WHERE producer_id IS NOT NULL;
      CREATE INDEX IF NOT EXISTS detections_content ON detections (symbol, pattern_type, detected_at_ms);
      CREATE INDEX IF NOT EXISTS detections_outcomes ON detections (pattern_type, success_1d, success_5d, success_30d)
        WHERE coalesce(success_1d, success_5d, success_30d) IS NOT NULL;
    `);
  }

  noteDetection(event: PatternEvent): void {
    this.#sql.exec(
      `INSERT INTO detections (id, producer_id, pattern_type, symbol, detected_at_ms, confidence, received_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      event.id,
      event.producer_id,
      event.pattern_type,
      event.symbol,
      Date.parse(event.detected_at),
      event.confidence,
      event.hops.hub_at_ms,
    );
  }

  /** Whether this hub has the detection an outcome is about. */
  knows(outcome: Extract<IngestEvent, { kind: 'outcome' }>): boolean {
    return this.#detectionOf(outcome) !== null;
  }

  noteOutcome(outcome: OutcomeEvent): void {
    const bit = (success: boolean | null) => (success === null ? null : Number(success));
    this.#sql.exec(
      `UPDATE detections SET success_1d = coalesce(?, success_1d), success_5d = coalesce(?, success_5d),
         success_30d = coalesce(?, success_30d) WHERE number = ?`,
      bit(outcome.success_1d),
      bit(outcome.success_5d),
      bit(outcome.success_30d),
      this.#detectionOf(outcome),
    );
  }

  /** Over all patterns, and of each pattern type that has outcomes. */
  successRates(): { all: SuccessRates; byType: Record<string, SuccessRates> } {
    const horizons = ['1d', '5d', '30d'] as const;
    const columns = horizons.map(h => `count(success_${h}) AS n_${h}, sum(success_${h}) AS won_${h}`).join(', ');
    const rows = this.#sql
      .exec<Record<string, number | string | null>>(
        `SELECT pattern_type, ${columns} FROM detections
         WHERE coalesce(success_1d, success_5d, success_30d) IS NOT NULL GROUP BY pattern_type`,
      )
      .toArray();
    const rates = (rows: Record<string, number | string | null>[]) =>
      Object.fromEntries(
        horizons.map(h => {
          const n = rows.reduce((sum, row) => sum + Number(row[`n_${h}`]), 0);
          const won = rows.reduce((sum, row) => sum + Number(row[`won_${h}`] ?? 0), 0);
          return [h, { n, rate: n === 0 ? null : won / n }];
        }),
      ) as unknown as SuccessRates;
    return { all: rates(rows), byType: Object.fromEntries(rows.map(row => [row.pattern_type, rates([row])])) };
  }

  trim(nowMs: number): void {
    const newest = this.#sql
      .exec<{ number: number | null }>('SELECT max(number) AS number FROM detections')
      .one().number;
    this.#sql.exec(
      `DELETE FROM detections WHERE number IN (SELECT number FROM detections ORDER BY number LIMIT ?)
       AND (received_at_ms < ? OR number <= ?)`,
      TRIM_ROWS,
      nowMs - KEEP_MS,
      (newest ?? 0) - KEEP_ROWS,
    );
  }

  /** By the producer's id, else by what was detected; the number of its row. */
  #detectionOf(
    outcome: Pick<Event & OutcomeEvent, 'detection_id' | 'detection_at' | 'pattern_type' | 'symbol'>,
  ): number | null {
    if (outcome.detection_id !== null) {
      const found = this.#first('SELECT number FROM detections WHERE producer_id = ? LIMIT 1', outcome.detection_id);
      if (found !== null) return found;
    }
    if (outcome.detection_at === null) return null;
    return this.#first(
      'SELECT number FROM detections WHERE symbol = ? AND pattern_type = ? AND detected_at_ms = ? LIMIT 1',
      outcome.symbol,
      outcome.pattern_type,
      Date.parse(outcome.detection_at),
    );
  }

  #first(query: string, ...bindings: (string | number)[]): number | null {
    return this.#sql.exec<{ number: number }>(query, ...bindings).toArray()[0]?.number ?? null;
  }
}
