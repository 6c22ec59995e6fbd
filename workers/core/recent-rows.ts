import { EXCLUDED_LISTS, type Filter, thousandths, WANTED_LISTS } from '../../shared/filter.ts';
import type { Matchable } from '../../shared/matches.ts';
import { priorityRank } from '../../shared/priority.ts';
import { ROUTING } from './router.ts';

/** What filters and figures ask about of a row of the tape, as it stands there. */
export interface RecentRow {
  seq: number;
  kind: string;
  pattern_type: string | null;
  symbol: string | null;
  timeframe: string | null;
  market_session: string | null;
  /** In thousandths. */
  confidence: number | null;
  /** 0 low .. 3 critical. */
  priority: number | null;
  /** Bits of `ROUTING`. */
  routing: number;
  received_at_ms: number;
}

/** An event, or a gap, as columns. */
export function columnsOf(view: Matchable, place: Pick<RecentRow, 'seq' | 'routing' | 'received_at_ms'>): RecentRow {
  return {
    ...place,
    kind: view.kind,
    pattern_type: view.pattern_type ?? null,
    symbol: view.symbol ?? null,
    timeframe: view.timeframe ?? null,
    market_session: view.market_session ?? null,
    confidence: view.confidence == null ? null : thousandths(view.confidence),
    priority: view.priority == null ? null : priorityRank(view.priority),
  };
}

/** Patterns alike in what figures tell of, and how many they are. */
export interface PatternGroup {
  pattern_type: string;
  /** Of the confidence, 0-9. */
  tenth: number;
  /** 0 low .. 3 critical. */
  priority: number;
  count: number;
  /** Of them those after a moment, and when the first of these came in. */
  lately: number;
  latelyFromMs: number | null;
}

const TEXT_COLUMNS = ['kind', 'pattern_type', 'symbol', 'timeframe', 'market_session'] as const;
export type TextColumn = (typeof TEXT_COLUMNS)[number];

const NONE = -1;

/**
 * The newest rows of a tape by column: a row of the tape is as long as its event, and to look at thousands takes long.
 * Texts are kept once, as a number a row, so that of a filter's lists each value is looked up once and not each row.
 */
export class RecentRows {
  readonly #capacity: number;
  readonly #texts: Record<TextColumn, Dictionary>;
  readonly #codes: Record<TextColumn, Uint32Array>;
  readonly #confidences: Int16Array;
  readonly #priorities: Int8Array;
  readonly #routings: Uint8Array;
  readonly #receivedAtMs: Float64Array;
  /** The newest seq; 0 before the first. */
  #newest = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#texts = byColumn(() => new Dictionary());
    this.#codes = byColumn(() => new Uint32Array(capacity));
    this.#confidences = new Int16Array(capacity);
    this.#priorities = new Int8Array(capacity);
    this.#routings = new Uint8Array(capacity);
    this.#receivedAtMs = new Float64Array(capacity);
  }

  /** The least seq that is here; above the newest when there is none. */
  get oldest(): number {
    return this.#newest - this.#size + 1;
  }

  /** The row after the newest; the first may have any seq. */
  add(row: RecentRow): void {
    if (this.#size > 0 && row.seq !== this.#newest + 1) throw new Error(`row ${row.seq} after ${this.#newest}`);
    const at = row.seq % this.#capacity;
    for (const column of TEXT_COLUMNS) {
      if (this.#texts[column].size > 2 * this.#capacity) this.#compact(column);
      this.#codes[column][at] = this.#texts[column].codeOf(row[column]);
    }
    this.#confidences[at] = row.confidence ?? NONE;
    this.#priorities[at] = row.priority ?? NONE;
    this.#routings[at] = row.routing;
    this.#receivedAtMs[at] = row.received_at_ms;
    this.#newest = row.seq;
    this.#size = Math.min(this.#size + 1, this.#capacity);
  }

  /** Of the events from a seq on, how many pass a filter, and how many are of the kinds that it asks for. */
  count(filter: Filter, fromSeq: number): { matching: number; total: number } {
    const passes = this.#test(filter);
    const isOfKind = this.#test({ kinds: filter.kinds ?? [] });
    let matching = 0;
    let total = 0;
    for (let seq = Math.max(fromSeq, this.oldest); seq <= this.#newest; seq++) {
      const at = seq % this.#capacity;
      if (!isOfKind(at)) continue;
      total++;
      if (passes(at)) matching++;
    }
    return { matching, total };
  }

  /**
   * The newest events from `upTo` down to `least` that pass a filter, or with `broadcast` were sent to everybody.
   * @returns their seqs, newest first, at most `limit`
   */
  findNewest(query: { filter: Filter; upTo: number; least: number; limit: number; broadcast: boolean }): number[] {
    const passes = this.#test(query.filter);
    const isEvent = this.#test({});
    const isToAll = (at: number) => query.broadcast && (this.#routings[at]! & ROUTING.broadcast) !== 0;
    const least = Math.max(query.least, this.oldest);
    const seqs: number[] = [];
    for (let seq = Math.min(query.upTo, this.#newest); seq >= least && seqs.length < query.limit; seq--) {
      const at = seq % this.#capacity;
      if (passes(at) || (isToAll(at) && isEvent(at))) seqs.push(seq);
    }
    return seqs;
  }

  /** The patterns from a seq on, alike ones together; `lately` are those after a moment. */
  groupPatterns(fromSeq: number, latelyAfterMs: number): PatternGroup[] {
    const isPattern = this.#test({ kinds: ['pattern'] });
    const types = this.#codes.pattern_type;
    const groups = new Map<number, PatternGroup>();
    for (let seq = Math.max(fromSeq, this.oldest); seq <= this.#newest; seq++) {
      const at = seq % this.#capacity;
      if (!isPattern(at)) continue;
      const tenth = Math.min(Math.floor(this.#confidences[at]! / 100), 9);
      const priority = this.#priorities[at]!;
      // Digits of mixed base; tenth and priority begin at -1.
      const key = (types[at]! * 11 + tenth + 1) * 5 + priority + 1;
      let group = groups.get(key);
      if (!group) {
        const pattern_type = this.#texts.pattern_type.textOf(types[at]!)!;
        group = { pattern_type, tenth, priority, count: 0, lately: 0, latelyFromMs: null };
        groups.set(key, group);
      }
      group.count++;
      const atMs = this.#receivedAtMs[at]!;
      if (atMs <= latelyAfterMs) continue;
      group.lately++;
      group.latelyFromMs = Math.min(group.latelyFromMs ?? atMs, atMs);
    }
    return [...groups.values()];
  }

  /** The values that patterns have in a column from a seq on, and when the newest of each came in. */
  newestByValue(column: TextColumn, fromSeq: number): Map<string, number> {
    const isPattern = this.#test({ kinds: ['pattern'] });
    const newestAtMs = new Map<number, number>();
    for (let seq = Math.max(fromSeq, this.oldest); seq <= this.#newest; seq++) {
      const at = seq % this.#capacity;
      if (isPattern(at)) newestAtMs.set(this.#codes[column][at]!, this.#receivedAtMs[at]!);
    }
    const byValue = new Map<string, number>();
    for (const [code, atMs] of newestAtMs) {
      const value = this.#texts[column].textOf(code);
      if (value !== null) byValue.set(value, atMs);
    }
    return byValue;
  }

  /** Lets go of the texts of rows that have left. */
  #compact(column: TextColumn): void {
    const [texts, codes, kept] = [this.#texts[column], this.#codes[column], new Dictionary()];
    for (let seq = this.oldest; seq <= this.#newest; seq++) {
      const at = seq % this.#capacity;
      codes[at] = kept.codeOf(texts.textOf(codes[at]!));
    }
    this.#texts[column] = kept;
  }

  /** Equal to `matches` of what is at a place; a gap passes no filter. */
  #test(filter: Filter): (at: number) => boolean {
    const allowed = byColumn<((text: string | null) => boolean)[]>(() => []);
    allowed.kind.push(kind => kind !== 'gap');
    for (const [list, column] of WANTED_LISTS) {
      const wanted = new Set(filter[list]);
      if (wanted.size > 0) allowed[column].push(text => text !== null && wanted.has(text));
    }
    for (const [list, column] of EXCLUDED_LISTS) {
      const unwanted = new Set(filter[list]);
      if (unwanted.size > 0) allowed[column].push(text => text === null || !unwanted.has(text));
    }
    const columns = TEXT_COLUMNS.filter(column => allowed[column].length > 0).map(column => ({
      codes: this.#codes[column],
      isAllowed: this.#texts[column].map(text => allowed[column].every(test => test(text))),
    }));
    const leastConfidence = filter.confidence_min ? thousandths(filter.confidence_min) : NONE;
    const leastRank = filter.priority_min && filter.priority_min !== 'low' ? priorityRank(filter.priority_min) : NONE;
    return at => {
      for (const { codes, isAllowed } of columns) if (isAllowed[codes[at]!] === 0) return false;
      return this.#confidences[at]! >= leastConfidence && this.#priorities[at]! >= leastRank;
    };
  }
}

/** Texts by number, in the order in which they came. */
class Dictionary {
  readonly #codes = new Map<string | null, number>();
  readonly #texts: (string | null)[] = [];

  get size(): number {
    return this.#texts.length;
  }

  codeOf(text: string | null): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  textOf(code: number): string | null {
    return this.#texts[code]!;
  }

  /** By number, 1 for those of which it holds. */
  map(test: (text: string | null) => boolean): Uint8Array {
    return Uint8Array.from(this.#texts, text => (test(text) ? 1 : 0));
  }
}

function byColumn<V>(make: () => V): Record<TextColumn, V> {
  return Object.fromEntries(TEXT_COLUMNS.map(column => [column, make()])) as Record<TextColumn, V>;
}
