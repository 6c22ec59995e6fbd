import type { Gap } from '../../shared/client-protocol.ts';
import type { Event, TopicEvent } from '../../shared/events.ts';
import { RECEIVED_DUPLICATE_WINDOW_MS } from '../../shared/limits.ts';
import type { Matchable } from '../../shared/matches.ts';
import { PRIORITIES } from '../../shared/priority.ts';
import type { TapePolicy } from '../../shared/tier-policy.ts';
import type { Addressed } from '../core/audience.ts';
import type { CoverageGap } from '../core/coverage.ts';
import type { WireEvent } from '../core/frames.ts';
import { columnsOf, type RecentRow } from '../core/recent-rows.ts';
import { ROUTING } from '../core/router.ts';
import { Interned } from './interned.ts';
import type { ForwardRange, ForwardRows, NewestFound, NewestQuery, TapeReader } from './tape-reader.ts';
import { TapeSearch } from './tape-search.ts';

/** A stored event or, with `kind` "gap", a time in which events may be missing; its body is what clients are sent. */
export interface TapeRow extends WireEvent {
  view: Matchable;
  routing: number;
}

/** How an event came onto the tape. */
export interface Origin {
  bridgeId: string;
  batchId: number;
  /** The ids of the routing rules that held, in order. */
  rules: readonly string[];
}

/** A row with how it came; null = it was written before that was kept. */
export interface TracedRow extends TapeRow {
  bridgeId: string | null;
  batchId: number | null;
  rules: string[] | null;
}

/** What of a stored row decides who gets it. */
export function addressed({ seq, view, routing }: TapeRow): Addressed {
  return { seq, view, broadcast: (routing & ROUTING.broadcast) !== 0, shared: (routing & ROUTING.shared) !== 0 };
}

/** Gaps that one call looks at, at most. */
const MAX_GAP_ROWS = 1_000;

/** A gap as REST tells it. */
export type StoredGap = Pick<Gap, 'seq' | 'from' | 'to' | 'reason'>;

/** What older tapes lack. */
const ADDED_COLUMNS = ['bridge', 'batch_id', 'rules'];
/** Starts of bridges, and lists of rules, that rows can refer to. */
const MAX_INTERNED = 10_000;

/** Rows that one call deletes at most, so that trimming never holds up a flush. */
const TRIM_ROWS = 2_000;

/**
 * A topic's durable log: one row per event, in the order of their `seq`, which never skips and is never used again.
 * The content id is UNIQUE, so the duplicate check is exact for as long as the row is kept and needs no rebuilding.
 *
 * The columns beside the body are the filter's dimensions: a stored event is matched without reading its JSON.
 */
export class Tape implements TapeReader {
  readonly #sql: SqlStorage;
  readonly #encoder = new TextEncoder();
  readonly #bridges: Interned;
  readonly #rules: Interned;
  readonly search: TapeSearch;
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
        body TEXT NOT NULL,
        bridge INTEGER,
        batch_id INTEGER,
        rules INTEGER
      );
      CREATE INDEX IF NOT EXISTS tape_symbol ON tape (symbol, seq);
      CREATE INDEX IF NOT EXISTS tape_received ON tape (received_id, detected_at_ms) WHERE received_id IS NOT NULL;
      CREATE INDEX IF NOT EXISTS tape_kind ON tape (kind, seq) WHERE kind != 'pattern';
    `);
    const columns = new Set(
      sql
        .exec<{ name: string }>(`SELECT name FROM pragma_table_info('tape')`)
        .toArray()
        .map(({ name }) => name),
    );
    for (const column of ADDED_COLUMNS) {
      if (!columns.has(column)) sql.exec(`ALTER TABLE tape ADD COLUMN ${column} INTEGER`);
    }
    this.#bridges = new Interned(sql, 'tape_bridges', MAX_INTERNED);
    this.#rules = new Interned(sql, 'tape_rules', MAX_INTERNED);
    this.search = new TapeSearch(sql, this);
    sql.exec('INSERT OR IGNORE INTO tape_state (only, epoch, head) VALUES (1, ?, 0)', newEpoch());
    this.epoch = sql.exec<{ epoch: string }>('SELECT epoch FROM tape_state').one().epoch;
    this.reload();
  }

  /** Reads the ends again, after a transaction that was rolled back. */
  reload(): void {
    this.#bridges.reload();
    this.#rules.reload();
    this.search.forget();
    this.head = this.#sql.exec<{ head: number }>('SELECT head FROM tape_state').one().head;
    this.oldest = this.#sql.exec<{ seq: number | null }>('SELECT min(seq) AS seq FROM tape').one().seq ?? this.head + 1;
    this.lastEventAtMs =
      this.#sql
        .exec<{ at: number }>(`SELECT received_at_ms AS at FROM tape WHERE kind != 'gap' ORDER BY seq DESC LIMIT 1`)
        .toArray()[0]?.at ?? null;
  }

  /**
   * The id under which an event is to be kept, or the seq of the one that it is a duplicate of. An event without the
   * producer's time is a duplicate only of one received within 10 s; later it is a new event with an id of its own.
   */
  place(event: TopicEvent): { id: string } | { duplicateOf: number } {
    if (event.time_origin !== 'received') {
      const known = this.#seqOf('SELECT seq FROM tape WHERE id = ?', event.id);
      return known === null ? { id: event.id } : { duplicateOf: known };
    }
    const atMs = Date.parse(event.detected_at);
    const [from, to] = [atMs - RECEIVED_DUPLICATE_WINDOW_MS, atMs + RECEIVED_DUPLICATE_WINDOW_MS];
    const query = 'SELECT seq FROM tape WHERE received_id = ? AND detected_at_ms BETWEEN ? AND ? LIMIT 1';
    const known = this.#seqOf(query, event.id, from, to);
    return known === null ? { id: `${event.id}@${atMs}` } : { duplicateOf: known };
  }

  /**
   * Puts an event at the end. `event.seq` must be `head + 1` and `event.id` one that `place` gave.
   * @param from.receivedId the id without the time, of an event that came without the producer's
   */
  append(event: Event, routing: number, from: Origin & { receivedId: string | null }): TapeRow {
    const view: Matchable = event;
    const columns = columnsOf(view, { seq: event.seq, routing, received_at_ms: event.hops.hub_at_ms });
    const body = JSON.stringify(event);
    this.#sql.exec(
      `INSERT INTO tape (seq, kind, pattern_type, symbol, timeframe, market_session, confidence, priority, routing,
         received_at_ms, id, detected_at_ms, received_id, body, bridge, batch_id, rules)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      columns.seq,
      columns.kind,
      columns.pattern_type,
      columns.symbol,
      columns.timeframe,
      columns.market_session,
      columns.confidence,
      columns.priority,
      columns.routing,
      columns.received_at_ms,
      event.id,
      Date.parse(event.detected_at),
      from.receivedId,
      body,
      this.#bridges.numberOf(from.bridgeId),
      from.batchId,
      this.#rules.numberOf(JSON.stringify(from.rules)),
    );
    this.#advance(columns);
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
    const view = { kind: 'gap' };
    this.#advance(columnsOf(view, { seq, routing: 0, received_at_ms: nowMs }));
    return { seq, body, bytes: this.#bytesOf(body), view, routing: 0 };
  }

  /** Writes down how far it goes: once for all that one transaction has put at the end. */
  saveHead(): void {
    this.#sql.exec('UPDATE tape_state SET head = ?', this.head);
  }

  /**
   * Rows after `after` up to `upTo`, oldest first, gaps among them: at most `limit`, and no more once they have
   * `maxBytes`, but always one.
   */
  readForward({ after, upTo, limit, maxBytes }: ForwardRange): ForwardRows {
    const { oldest } = this;
    const read = this.#rows('SELECT * FROM tape WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?', after, upTo, limit);
    const rows = upToBytes(read, maxBytes);
    const isAll = rows.length === read.length && read.length < limit;
    return { rows, readTo: isAll ? upTo : rows.at(-1)!.seq, oldest };
  }

  /** The rows with these seqs, oldest first, as far as they are still there; no more once they have `maxBytes`. */
  readSeqs(seqs: readonly number[], maxBytes = Number.POSITIVE_INFINITY): TapeRow[] {
    const wanted = JSON.stringify(seqs);
    const query = 'SELECT * FROM tape WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq';
    return upToBytes(this.#rows(query, wanted), maxBytes);
  }

  /** The event of a seq or a content id, with how it came; null when there is none, or a gap in its place. */
  readTraced(by: { seq: number } | { id: string }): TracedRow | null {
    const [row] =
      'seq' in by
        ? this.#sql.exec<TracedColumns>(`SELECT * FROM tape WHERE seq = ? AND kind != 'gap'`, by.seq)
        : this.#sql.exec<TracedColumns>(`SELECT * FROM tape WHERE id = ? AND kind != 'gap'`, by.id);
    if (!row) return null;
    const rules = row.rules === null ? null : this.#rules.textOf(row.rules);
    return {
      ...this.#rowOf(row),
      bridgeId: row.bridge === null ? null : this.#bridges.textOf(row.bridge),
      batchId: row.batch_id,
      rules: rules === null ? null : JSON.parse(rules),
    };
  }

  findNewest(query: NewestQuery): NewestFound {
    return this.search.findNewest(query);
  }

  /**
   * The newest gaps with any time between two moments: at most `limit`, newest first, looking at no more than
   * `MAX_GAP_ROWS` of them.
   */
  readGaps({ fromMs, toMs, limit }: { fromMs: number; toMs: number; limit: number }): StoredGap[] {
    const rows = this.#sql
      .exec<{ seq: number; body: string }>(
        `SELECT seq, body FROM tape WHERE kind != 'pattern' AND kind = 'gap' AND detected_at_ms >= ?
         ORDER BY seq DESC LIMIT ?`,
        fromMs,
        MAX_GAP_ROWS,
      )
      .toArray();
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

  /** The newest event of each of some kinds other than patterns, up to `upTo`, in seq order. */
  readNewestOfEachKind(kinds: readonly string[], upTo: number): TapeRow[] {
    const newest = kinds.flatMap(kind =>
      this.#rows(
        `SELECT * FROM tape WHERE kind != 'pattern' AND kind = ? AND seq <= ? ORDER BY seq DESC LIMIT 1`,
        kind,
        upTo,
      ),
    );
    return newest.sort((a, b) => a.seq - b.seq);
  }

  /** Deletes what retention no longer covers, oldest first, at most a small number of rows a call. */
  trim(policy: TapePolicy, nowMs: number): void {
    const expiredBefore = nowMs - policy.retention_ms;
    const surplusTo = this.head - policy.max_events;
    const isKept = (seq: number, receivedAtMs: number | null) =>
      receivedAtMs === null || (seq > surplusTo && receivedAtMs >= expiredBefore);
    // Most calls find nothing to delete, and are to read no more than this.
    if (isKept(this.oldest, this.receivedAtMs(this.oldest))) return;
    const candidates = this.#sql
      .exec<{ seq: number; received_at_ms: number }>(
        'SELECT seq, received_at_ms FROM tape ORDER BY seq LIMIT ?',
        TRIM_ROWS,
      )
      .toArray();
    const kept = candidates.find(({ seq, received_at_ms }) => isKept(seq, received_at_ms));
    const keepFrom = kept?.seq ?? candidates.at(-1)!.seq + 1;
    this.#sql.exec('DELETE FROM tape WHERE seq < ?', keepFrom);
    this.oldest = keepFrom;
  }

  #advance(columns: RecentRow): void {
    const { seq } = columns;
    if (seq !== this.head + 1) throw new Error(`seq ${seq} does not follow ${this.head}`);
    this.head = seq;
    this.search.add(columns);
  }

  #seqOf(query: string, ...bindings: (string | number)[]): number | null {
    const { value } = this.#sql.exec<{ seq: number }>(query, ...bindings).next();
    return value?.seq ?? null;
  }

  #bytesOf(text: string): number {
    return this.#encoder.encode(text).length;
  }

  /** All of them: a cursor that is not read to its end keeps SQLite from ever giving its log's space back. */
  #rows(query: string, ...bindings: (string | number)[]): TapeRow[] {
    return this.#sql
      .exec<StoredRow>(query, ...bindings)
      .toArray()
      .map(row => this.#rowOf(row));
  }

  #rowOf(row: StoredRow): TapeRow {
    return {
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

/** No more once they have `maxBytes`, but always one. */
function upToBytes(rows: TapeRow[], maxBytes: number): TapeRow[] {
  let bytes = 0;
  const end = rows.findIndex(row => {
    bytes += row.bytes;
    return bytes >= maxBytes;
  });
  return end < 0 ? rows : rows.slice(0, end + 1);
}

type StoredRow = RecentRow & { body: string } & Record<string, SqlStorageValue>;

type TracedColumns = StoredRow & { bridge: number | null; batch_id: number | null; rules: number | null };
