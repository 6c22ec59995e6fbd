import type { Gap } from '../../shared/client-protocol.ts';
import type { Event, IngestEvent } from '../../shared/events.ts';
import { type Filter, thousandths } from '../../shared/filter.ts';
import { RECEIVED_DUPLICATE_WINDOW_MS } from '../../shared/limits.ts';
import type { Matchable } from '../../shared/matches.ts';
import { PRIORITIES, priorityRank } from '../../shared/priority.ts';
import type { TapePolicy } from '../../shared/tier-policy.ts';
import type { Addressed } from '../core/audience.ts';
import type { CoverageGap } from '../core/coverage.ts';
import type { WireEvent } from '../core/frames.ts';
import { whereFilter } from './filter-sql.ts';

/** How routing treats a stored row, as bits of its `routing` column. */
export const ROUTING = { broadcast: 1, shared: 2 } as const;

/** A stored event or, with `kind` "gap", a time in which events may be missing; its body is what clients are sent. */
export interface TapeRow extends WireEvent {
  view: Matchable;
  routing: number;
}

/** What of a stored row decides who gets it. */
export function addressed({ seq, view, routing }: TapeRow): Addressed {
  return { seq, view, broadcast: (routing & ROUTING.broadcast) !== 0, shared: (routing & ROUTING.shared) !== 0 };
}

/** What a filter can ask about, without the bodies. */
const FILTERED_COLUMNS = 'seq, kind, pattern_type, symbol, timeframe, market_session, confidence, priority, routing';

/** Gaps that one call looks at, at most. */
const MAX_GAP_ROWS = 1_000;

/** A gap as REST tells it. */
export type StoredGap = Pick<Gap, 'seq' | 'from' | 'to' | 'reason'>;

/** Rows that one call deletes at most, so that trimming never holds up a flush. */
const TRIM_ROWS = 2_000;

/**
 * A topic's durable log: one row per event, in the order of their `seq`, which never skips and is never used again.
 * The content id is UNIQUE, so the duplicate check is exact for as long as the row is kept and needs no rebuilding.
 *
 * The columns beside the body are the filter's dimensions: a stored event is matched without reading its JSON.
 */
export class Tape {
  readonly #sql: SqlStorage;
  readonly #encoder = new TextEncoder();
  readonly epoch: string;
  /** The newest seq; 0 before the first. */
  head = 0;
  /** The least seq kept; head + 1 when there is none. */
  oldest = 1;
  /** When the newest event came in; null while there is none. */
  lastEventAtMs: number | null = null;

  constructor(sql: SqlStorage, newEpoch: () => string) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS tape_state (only INTEGER PRIMARY KEY CHECK (only = 1), epoch TEXT NOT NULL, head INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS tape (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        pattern_type TEXT,
        symbol TEXT,
        timeframe TEXT,
        market_session TEXT,
        confidence INTEGER,
        priority INTEGER,
        routing INTEGER NOT NULL,
        received_at_ms INTEGER NOT NULL,
        detected_at_ms INTEGER NOT NULL,
        received_id TEXT,
        body TEXT NOT NULL
      );
      CREATE INDEX IF NOT EXISTS tape_symbol ON tape (symbol, seq);
      CREATE INDEX IF NOT EXISTS tape_received ON tape (received_id, detected_at_ms) WHERE received_id IS NOT NULL;
      CREATE INDEX IF NOT EXISTS tape_kind ON tape (kind, seq) WHERE kind != 'pattern';
    `);
    sql.exec('INSERT OR IGNORE INTO tape_state (only, epoch, head) VALUES (1, ?, 0)', newEpoch());
    this.epoch = sql.exec<{ epoch: string }>('SELECT epoch FROM tape_state').one().epoch;
    this.reload();
  }

  /** Reads the ends again, after a transaction that was rolled back. */
  reload(): void {
    this.head = this.#sql.exec<{ head: number }>('SELECT head FROM tape_state').one().head;
    this.oldest = this.#sql.exec<{ seq: number | null }>('SELECT min(seq) AS seq FROM tape').one().seq ?? this.head + 1;
    this.lastEventAtMs =
      this.#sql
        .exec<{ at: number }>(`SELECT received_at_ms AS at FROM tape WHERE kind != 'gap' ORDER BY seq DESC LIMIT 1`)
        .toArray()[0]?.at ?? null;
  }

  /**
   * The id under which an event is kept, or null when it is a duplicate of one that is. An event without the
   * producer's time is a duplicate only of one received within 10 s; later it is a new event with an id of its own.
   */
  newIdOf(event: IngestEvent): string | null {
    if (event.time_origin === 'received') {
      const atMs = Date.parse(event.detected_at);
      const [from, to] = [atMs - RECEIVED_DUPLICATE_WINDOW_MS, atMs + RECEIVED_DUPLICATE_WINDOW_MS];
      const query = 'SELECT 1 FROM tape WHERE received_id = ? AND detected_at_ms BETWEEN ? AND ? LIMIT 1';
      return this.#isEmpty(query, event.id, from, to) ? `${event.id}@${atMs}` : null;
    }
    return this.#isEmpty('SELECT 1 FROM tape WHERE id = ?', event.id) ? event.id : null;
  }

  /**
   * Puts an event at the end. `event.seq` must be `head + 1` and `event.id` one that `newIdOf` gave.
   * @param receivedId the id without the time, of an event that came without the producer's
   */
  append(event: Event, routing: number, receivedId: string | null): TapeRow {
    const view: Matchable = event;
    const priority = view.priority == null ? null : priorityRank(view.priority);
    const confidence = view.confidence == null ? null : thousandths(view.confidence);
    const body = JSON.stringify(event);
    this.#sql.exec(
      `INSERT INTO tape (seq, id, kind, pattern_type, symbol, timeframe, market_session, confidence, priority, routing,
         received_at_ms, detected_at_ms, received_id, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      event.seq,
      event.id,
      event.kind,
      view.pattern_type ?? null,
      view.symbol ?? null,
      view.timeframe ?? null,
      view.market_session ?? null,
      confidence,
      priority,
      routing,
      event.hops.hub_at_ms,
      Date.parse(event.detected_at),
      receivedId,
      body,
    );
    this.#advance(event.seq);
    this.lastEventAtMs = event.hops.hub_at_ms;
    return { seq: event.seq, body, bytes: this.#bytesOf(body), view, routing };
  }

  /** Puts a gap at the end, so that whoever reads past this place learns of it. */
  appendGap(gap: CoverageGap, nowMs: number): TapeRow {
    const seq = this.head + 1;
    const from = new Date(gap.fromMs).toISOString();
    const to = new Date(gap.toMs).toISOString();
    const body = JSON.stringify({ type: 'gap', epoch: this.epoch, seq, from, to, reason: gap.reason });
    this.#sql.exec(
      `INSERT INTO tape (seq, id, kind, routing, received_at_ms, detected_at_ms, body) VALUES (?, ?, 'gap', 0, ?, ?, ?)`,
      seq,
      `gap:${seq}`,
      nowMs,
      gap.toMs,
      body,
    );
    this.#advance(seq);
    return { seq, body, bytes: this.#bytesOf(body), view: { kind: 'gap' }, routing: 0 };
  }

  /**
   * Rows after `after` up to `upTo`, oldest first, gaps among them: at most `limit`, and no more once they have
   * `maxBytes`, but always one.
   * @returns the rows, and up to where all have been read
   */
  readForward(range: { after: number; upTo: number; limit: number; maxBytes: number }): {
    rows: TapeRow[];
    readTo: number;
  } {
    const { after, upTo, limit, maxBytes } = range;
    const rows: TapeRow[] = [];
    let bytes = 0;
    for (const row of this.#rows(
      'SELECT * FROM tape WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
      after,
      upTo,
      limit,
    )) {
      rows.push(row);
      bytes += row.bytes;
      if (bytes >= maxBytes) return { rows, readTo: row.seq };
    }
    return { rows, readTo: rows.length < limit ? upTo : rows.at(-1)!.seq };
  }

  /** The rows with these seqs, oldest first, as far as they are still there. */
  readSeqs(seqs: readonly number[]): TapeRow[] {
    const wanted = JSON.stringify(seqs);
    return [...this.#rows('SELECT * FROM tape WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq', wanted)];
  }

  /**
   * Finds the newest events up to `upTo` that pass a filter; with `broadcast`, those sent to everybody too. Looks at
   * no more than `maxRows` rows: of one symbol, where the filter names just one.
   * @returns their seqs, newest first, and the least seq that was looked at: below it may be more
   */
  findNewest(query: {
    filter: Filter;
    upTo: number;
    after: number;
    limit: number;
    maxRows: number;
    broadcast: boolean;
  }): { seqs: number[]; scannedTo: number } {
    const { filter, upTo, limit, maxRows, broadcast } = query;
    const least = Math.max(query.after + 1, this.oldest);
    const bySymbol = filter.symbols?.length === 1 && !broadcast;
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
    if (!bySymbol) return { seqs, scannedTo: Math.max(least, upTo - maxRows + 1) };
    const { count, lowest } = this.#sql
      .exec<{ count: number; lowest: number | null }>(
        `SELECT count(*) AS count, min(seq) AS lowest FROM (${within})`,
        ...bounds,
      )
      .one();
    return { seqs, scannedTo: count < maxRows ? least : lowest! };
  }

  /**
   * The newest gaps with any time between two moments: at most `limit`, newest first, looking at no more than
   * `MAX_GAP_ROWS` of them.
   */
  readGaps({ fromMs, toMs, limit }: { fromMs: number; toMs: number; limit: number }): StoredGap[] {
    const rows = this.#sql.exec<{ seq: number; body: string }>(
      `SELECT seq, body FROM tape WHERE kind != 'pattern' AND kind = 'gap' AND detected_at_ms >= ?
       ORDER BY seq DESC LIMIT ?`,
      fromMs,
      MAX_GAP_ROWS,
    );
    const gaps: StoredGap[] = [];
    for (const { seq, body } of rows) {
      if (gaps.length === limit) break;
      const { from, to, reason }: Gap = JSON.parse(body);
      if (Date.parse(from) <= toMs) gaps.push({ seq, from, to, reason });
    }
    return gaps;
  }

  /** How many gaps end after a moment. */
  countGaps(afterMs: number): number {
    const query = `SELECT count(*) AS count FROM tape WHERE kind != 'pattern' AND kind = 'gap' AND detected_at_ms > ?`;
    return this.#sql.exec<{ count: number }>(query, afterMs).one().count;
  }

  /** Where the events begin that came in after a moment: the least such seq, or head + 1. */
  firstSeqAfter(atMs: number): number {
    let [from, to] = [this.oldest, this.head + 1];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (this.receivedAtMs(middle)! > atMs) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  /** When a row came in; null when there is none of that seq. */
  receivedAtMs(seq: number): number | null {
    const [row] = this.#sql.exec<{ at: number }>('SELECT received_at_ms AS at FROM tape WHERE seq = ?', seq);
    return row?.at ?? null;
  }

  /** Of the events from a seq on, how many pass a filter, and how many are of the kinds that it asks for. */
  count(filter: Filter, fromSeq: number): { matching: number; total: number } {
    const wanted = whereFilter(filter);
    const ofKind = whereFilter({ kinds: filter.kinds ?? [] });
    return this.#sql
      .exec<{ matching: number; total: number }>(
        `SELECT count(*) FILTER (WHERE ${wanted.sql}) AS matching, count(*) FILTER (WHERE ${ofKind.sql}) AS total
         FROM tape NOT INDEXED WHERE kind != 'gap' AND seq >= ?`,
        ...wanted.bindings,
        ...ofKind.bindings,
        fromSeq,
      )
      .one();
  }

  /** The newest event of each of some kinds other than patterns, up to `upTo`, in seq order. */
  readNewestOfEachKind(kinds: readonly string[], upTo: number): TapeRow[] {
    const newest = kinds.flatMap(kind => [
      ...this.#rows(
        `SELECT * FROM tape WHERE kind != 'pattern' AND kind = ? AND seq <= ? ORDER BY seq DESC LIMIT 1`,
        kind,
        upTo,
      ),
    ]);
    return newest.sort((a, b) => a.seq - b.seq);
  }

  /** Deletes what retention no longer covers, oldest first, at most a small number of rows a call. */
  trim(policy: TapePolicy, nowMs: number): void {
    const expiredBefore = nowMs - policy.retention_ms;
    const surplusTo = this.head - policy.max_events;
    const candidates = this.#sql.exec<{ seq: number; received_at_ms: number }>(
      'SELECT seq, received_at_ms FROM tape ORDER BY seq LIMIT ?',
      TRIM_ROWS,
    );
    let keepFrom = this.oldest;
    for (const { seq, received_at_ms } of candidates) {
      if (seq > surplusTo && received_at_ms >= expiredBefore) break;
      keepFrom = seq + 1;
    }
    if (keepFrom === this.oldest) return;
    this.#sql.exec('DELETE FROM tape WHERE seq < ?', keepFrom);
    this.oldest = keepFrom;
  }

  #advance(seq: number): void {
    if (seq !== this.head + 1) throw new Error(`seq ${seq} does not follow ${this.head}`);
    this.#sql.exec('UPDATE tape_state SET head = ?', seq);
    this.head = seq;
  }

  #isEmpty(query: string, ...bindings: (string | number)[]): boolean {
    return this.#sql.exec(query, ...bindings).next().done === true;
  }

  #bytesOf(text: string): number {
    return this.#encoder.encode(text).length;
  }

  *#rows(query: string, ...bindings: (string | number)[]): Generator<TapeRow> {
    for (const row of this.#sql.exec<StoredRow>(query, ...bindings)) {
      yield {
        seq: row.seq,
        body: row.body,
        bytes: this.#bytesOf(row.body),
        routing: row.routing,
        view: {
          kind: row.kind,
          pattern_type: row.pattern_type,
          symbol: row.symbol,
          timeframe: row.timeframe,
          market_session: row.market_session as Matchable['market_session'] & string,
          confidence: row.confidence === null ? null : row.confidence / 1_000,
          priority: row.priority === null ? null : PRIORITIES[row.priority]!,
        },
      };
    }
  }
}

interface StoredRow extends Record<string, SqlStorageValue> {
  seq: number;
  kind: string;
  pattern_type: string | null;
  symbol: string | null;
  timeframe: string | null;
  market_session: string | null;
  confidence: number | null;
  priority: number | null;
  routing: number;
  body: string;
}
