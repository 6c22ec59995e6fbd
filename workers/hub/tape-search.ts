import type { Filter } from '../../shared/filter.ts';
import { MAX_SCANNED_ROWS } from '../../shared/limits.ts';
import { type PatternGroup, type RecentRow, RecentRows, type TextColumn } from '../core/recent-rows.ts';
import { ROUTING } from '../core/router.ts';
import { whereFilter } from './filter-sql.ts';
import type { NewestFound, NewestQuery } from './tape-reader.ts';

/** What filters and figures ask about, without the bodies. */
const FILTERED_COLUMNS =
  'seq, kind, pattern_type, symbol, timeframe, market_session, confidence, priority, routing, received_at_ms';

/**
 * What filters and figures look for on a tape. Nothing here reads an event's body, and nothing looks at more rows than it
 * is told: the newest are kept by column, in memory, once somebody has asked for them.
 */
export class TapeSearch {
  readonly #sql: SqlStorage;
  readonly #ends: { readonly head: number; readonly oldest: number };
  /** The newest `MAX_SCANNED_ROWS` rows; null until they are asked for. */
  #recent: RecentRows | null = null;

  /** @param ends of the tape, as they are at any time */
  constructor(sql: SqlStorage, ends: { readonly head: number; readonly oldest: number }) {
    this.#sql = sql;
    this.#ends = ends;
  }

  /** A row has come onto the tape. */
  add(row: RecentRow): void {
    this.#recent?.add(row);
  }

  /** Rows that were added are not on the tape. */
  forget(): void {
    this.#recent = null;
  }

  /**
   * Finds the newest events up to `upTo` that pass a filter; with `broadcast`, those sent to everybody too. Looks at
   * no more than `maxRows` rows: of one symbol, where the filter names just one.
   */
  findNewest(query: NewestQuery): NewestFound {
    const { filter, upTo, limit, maxRows, broadcast } = query;
    const least = Math.max(query.after + 1, this.#ends.oldest);
    const bySymbol = filter.symbols?.length === 1 && !broadcast;
    const scannedTo = Math.max(least, upTo - maxRows + 1);
    if (!bySymbol && this.#recent && this.#recent.oldest <= scannedTo) {
      const seqs = this.#recent.findNewest({ filter, upTo, least: scannedTo, limit, broadcast });
      return { seqs, scannedTo: seqs.length === limit ? (seqs.at(-1) ?? upTo + 1) : scannedTo };
    }
    const rows = bySymbol ? 'tape INDEXED BY tape_symbol WHERE symbol = ? AND' : 'tape NOT INDEXED WHERE';
    const within = `SELECT ${FILTERED_COLUMNS} FROM ${rows} seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT ?`;
    const bounds = [...(bySymbol ? filter.symbols! : []), least, upTo, maxRows];
    const where = whereFilter(filter);
    const wanted = broadcast ? `((${where.sql}) OR routing & ${ROUTING.broadcast})` : where.sql;
    const found = this.#sql.exec<{ seq: number }>(
      `SELECT seq FROM (${within}) WHERE kind != 'gap' AND ${wanted} ORDER BY seq DESC LIMIT ?`,
      ...bounds,
      ...where.bindings,
      limit,
    );
    const seqs = Array.from(found, ({ seq }) => seq);
    if (seqs.length === limit) return { seqs, scannedTo: seqs.at(-1) ?? upTo + 1 };
    if (!bySymbol) return { seqs, scannedTo };
    const { count, lowest } = this.#sql
      .exec<{ count: number; lowest: number | null }>(
        `SELECT count(*) AS count, min(seq) AS lowest FROM (${within})`,
        ...bounds,
      )
      .one();
    return { seqs, scannedTo: count < maxRows ? least : lowest! };
  }

  /**
   * Of the events from a seq on, among the newest `MAX_SCANNED_ROWS` rows, how many pass a filter, and how many are of the kinds that it
   * asks for.
   */
  count(filter: Filter, fromSeq: number): { matching: number; total: number } {
    return this.#recentRows().count(filter, Math.max(fromSeq, this.#ends.oldest));
  }

  /** The patterns among the newest `MAX_SCANNED_ROWS` rows, alike ones together; `lately` are those that came in after a moment. */
  groupPatterns(latelyAfterMs: number): PatternGroup[] {
    return this.#recentRows().groupPatterns(this.#ends.oldest, latelyAfterMs);
  }

  /** The values that patterns after a seq have in a column, among the newest `MAX_SCANNED_ROWS` rows, and when the newest came. */
  newestByValue(column: TextColumn, after: number): Map<string, number> {
    return this.#recentRows().newestByValue(column, Math.max(after + 1, this.#ends.oldest));
  }

  /** The newest `MAX_SCANNED_ROWS` rows; the first time since this object woke they are read. */
  #recentRows(): RecentRows {
    if (this.#recent) return this.#recent;
    const recent = new RecentRows(MAX_SCANNED_ROWS);
    const rows = this.#sql.exec<RecentRow & Record<string, SqlStorageValue>>(
      `SELECT ${FILTERED_COLUMNS} FROM tape NOT INDEXED WHERE seq > ? ORDER BY seq`,
      this.#ends.head - MAX_SCANNED_ROWS,
    );
    for (const row of rows) recent.add(row);
    this.#recent = recent;
    return recent;
  }
}
