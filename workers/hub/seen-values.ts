import type { TapePolicy } from '../../shared/tier-policy.ts';
import type { TapeSearch } from './tape-search.ts';

/** How many values of each dimension are remembered; of more, the newest seen. */
const KEPT = { symbol: 5_000, pattern_type: 500, timeframe: 100 } as const;
export type SeenDimension = keyof typeof KEPT;
const DIMENSIONS = Object.keys(KEPT) as SeenDimension[];

/** A value that patterns have had, and when the newest of them came in. */
export interface SeenValue {
  value: string;
  last_seen_at_ms: number;
}

/** What a hub answers; the values are the same for as long as the version is. */
export interface SeenAnswer<D extends SeenDimension = SeenDimension> {
  version: string;
  values: Record<D, SeenValue[]>;
}

/** Longer values are no help to anybody who completes a word. */
const MAX_VALUE_LENGTH = 100;
/** The tape is folded into the table this often at least: by rows, and by time. */
const FOLD_ROWS = 5_000;
const FOLD_PERIOD_MS = 3_600_000;
/** What a tape from before this table has folded of it. */
const FIRST_FOLD_ROWS = 20_000;

/**
 * Which symbols, pattern types and timeframes a topic's patterns have had: what the page completes and offers.
 *
 * Noting each event would cost a row written per event. Instead the values of many rows of the tape are folded into a
 * table at once, one row per distinct value, and a read adds the few thousand rows after them. So the newest event
 * counts at once, and values stay known when the tape has dropped their events.
 */
export class SeenValues {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS seen (
        dimension TEXT NOT NULL, value TEXT NOT NULL, last_seen_at_ms INTEGER NOT NULL, PRIMARY KEY (dimension, value)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS seen_state (
        only INTEGER PRIMARY KEY CHECK (only = 1), folded_to INTEGER NOT NULL, folded_at_ms INTEGER NOT NULL
      );
    `);
    sql.exec(
      'INSERT OR IGNORE INTO seen_state (only, folded_to, folded_at_ms) SELECT 1, max(0, head - ?), 0 FROM tape_state',
      FIRST_FOLD_ROWS,
    );
  }

  /** Folds the next rows when it is time to, always before retention can take them. Call it before the tape is trimmed. */
  fold(head: number, policy: TapePolicy, nowMs: number): void {
    const { folded_to, folded_at_ms } = this.#state;
    const isMany = head - folded_to >= Math.min(FOLD_ROWS, policy.max_events / 2);
    const isLong = nowMs - folded_at_ms >= Math.min(FOLD_PERIOD_MS, policy.retention_ms / 2);
    if (head === folded_to || !(isMany || isLong)) return;
    const upTo = Math.min(head, folded_to + FOLD_ROWS);
    for (const dimension of DIMENSIONS) this.#foldOne(dimension, folded_to, upTo);
    this.#sql.exec('UPDATE seen_state SET folded_to = ?, folded_at_ms = ?', upTo, nowMs);
  }

  /** The values of a dimension, the newest seen first. */
  read(dimension: SeenDimension, search: TapeSearch): SeenValue[] {
    const folded = this.#sql.exec<{ value: string; last_seen_at_ms: number }>(
      'SELECT value, last_seen_at_ms FROM seen WHERE dimension = ?',
      dimension,
    );
    const byValue = new Map(Array.from(folded, row => [row.value, row.last_seen_at_ms]));
    for (const [value, atMs] of search.newestByValue(dimension, this.#state.folded_to)) {
      if (value.length <= MAX_VALUE_LENGTH) byValue.set(value, atMs);
    }
    return [...byValue]
      .map(([value, last_seen_at_ms]) => ({ value, last_seen_at_ms }))
      .sort((a, b) => b.last_seen_at_ms - a.last_seen_at_ms || (a.value < b.value ? -1 : 1))
      .slice(0, KEPT[dimension]);
  }

  #foldOne(dimension: SeenDimension, after: number, upTo: number): void {
    this.#sql.exec(
      `INSERT INTO seen (dimension, value, last_seen_at_ms)
       SELECT '${dimension}', value, last_seen_at_ms FROM (${onTape(dimension)}) WHERE true
       ON CONFLICT DO UPDATE SET last_seen_at_ms = excluded.last_seen_at_ms`,
      after,
      upTo,
    );
    this.#sql.exec(
      `DELETE FROM seen WHERE dimension = ?1 AND value IN
       (SELECT value FROM seen WHERE dimension = ?1 ORDER BY last_seen_at_ms DESC, value LIMIT -1 OFFSET ?2)`,
      dimension,
      KEPT[dimension],
    );
  }

  get #state(): { folded_to: number; folded_at_ms: number } {
    return this.#sql
      .exec<{ folded_to: number; folded_at_ms: number }>('SELECT folded_to, folded_at_ms FROM seen_state')
      .one();
  }
}

/** The values of a dimension on the tape's rows after one seq, up to another. */
function onTape(dimension: SeenDimension): string {
  return `SELECT ${dimension} AS value, max(received_at_ms) AS last_seen_at_ms FROM tape NOT INDEXED
    WHERE seq > ? AND seq <= ? AND kind = 'pattern' AND length(${dimension}) <= ${MAX_VALUE_LENGTH} GROUP BY 1`;
}
