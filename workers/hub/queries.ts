import type { Filter } from '../../shared/filter.ts';
import { MAX_SCANNED_ROWS } from '../../shared/limits.ts';
import { PRIORITIES } from '../../shared/priority.ts';
import type { Counters } from './counters.ts';
import type { Outcomes, SuccessRates } from './outcomes.ts';
import type { StoredGap, Tape } from './tape.ts';

/** A page of stored events, newest first. */
export interface PageQuery {
  filter: Filter;
  limit: number;
  /** Only events below this seq; absent = from the newest. */
  beforeSeq?: number | undefined;
  /** Only events above this seq. */
  afterSeq?: number | undefined;
}

export interface Page {
  /** JSON texts of events. */
  bodies: string[];
  /** Where to read on; null when nothing older is left to look at. */
  nextBeforeSeq: number | null;
  /** Those with any time of the page's, newest first, at most `MAX_PAGE_GAPS`. */
  gaps: StoredGap[];
}

const MAX_PAGE_GAPS = 50;

/** Reads a page, looking at no more than `MAX_SCANNED_ROWS` rows: a page may come short and still have a next one. */
export function readPage(tape: Tape, { filter, limit, beforeSeq, afterSeq = 0 }: PageQuery): Page {
  const upTo = Math.min(tape.head, (beforeSeq ?? tape.head + 1) - 1);
  const { seqs, scannedTo } = tape.findNewest({
    filter,
    upTo,
    after: afterSeq,
    limit,
    maxRows: MAX_SCANNED_ROWS,
    broadcast: false,
  });
  const least = Math.max(afterSeq + 1, tape.oldest);
  const bodies = tape.readSeqs(seqs).map(({ body }) => body);
  const nextBeforeSeq = scannedTo > least && upTo >= least ? scannedTo : null;
  const time = timeOf(tape, { beforeSeq, afterSeq, nextBeforeSeq });
  const gaps = tape.readGaps({ ...time, limit: MAX_PAGE_GAPS });
  return { bodies: bodies.reverse(), nextBeforeSeq, gaps };
}

/**
 * The time that a page is about: from when the oldest row that was looked at came in to when the row above it did. So
 * pages that follow one another leave no time out; the first reaches to the present, the last as far back as anything.
 */
function timeOf(
  tape: Tape,
  page: { beforeSeq: number | undefined; afterSeq: number; nextBeforeSeq: number | null },
): { fromMs: number; toMs: number } {
  const { beforeSeq, afterSeq, nextBeforeSeq } = page;
  return {
    fromMs: tape.receivedAtMs(nextBeforeSeq ?? afterSeq) ?? 0,
    toMs: (beforeSeq === undefined ? null : tape.receivedAtMs(beforeSeq)) ?? Number.MAX_SAFE_INTEGER,
  };
}

/** How many stored events a filter lets through, of those received lately. */
export interface Count {
  matching: number;
  /** Events of the filter's kinds, whatever else it asks for. */
  total: number;
  per_minute: number;
  /** Since when they are counted. */
  since: string;
  /** false: not as far back as asked, as there are more rows than one read looks at, or they are no longer kept. */
  complete: boolean;
}

/** Counts what came in within the last `minutes`, looking at no more than `MAX_SCANNED_ROWS` rows. */
export function readCount(tape: Tape, query: { filter: Filter; minutes: number }, nowMs: number): Count {
  const windowFromMs = nowMs - query.minutes * MINUTE_MS;
  const begin = tape.firstSeqAfter(windowFromMs);
  const from = Math.max(begin, tape.head - MAX_SCANNED_ROWS + 1);
  // Where the window begins with the oldest row that is kept, more of it may have been there.
  const complete = from === begin && (begin > tape.oldest || begin === 1);
  const { matching, total } = tape.count(query.filter, from);
  const sinceMs = complete ? windowFromMs : (tape.receivedAtMs(from) ?? nowMs);
  return {
    matching,
    total,
    per_minute: matching / minutesFrom(sinceMs, nowMs),
    since: new Date(sinceMs).toISOString(),
    complete,
  };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** For a rate: never so short that a few events make a great one. */
function minutesFrom(sinceMs: number, nowMs: number): number {
  return Math.max(nowMs - sinceMs, 1_000) / MINUTE_MS;
}

/** What a tier's stored patterns and the producer's outcomes amount to. */
export interface TierPerformance {
  /** Of the newest so many patterns on the tape. */
  patterns: number;
  by_pattern_type: { pattern_type: string; count: number; success: SuccessRates | null }[];
  /** Count per tenth of confidence, from [0, .1) to [.9, 1]. */
  confidence_distribution: number[];
  by_priority: Record<string, number>;
  /** Patterns received per minute in the last hour, or in as much of it as the newest rows reach back. */
  per_minute: number;
  /** null when nothing was delivered yet; only events whose producer said when. */
  detection_to_delivery_ms: { n: number; p50: number | null; p95: number | null; p99: number | null };
  success: SuccessRates;
}

export function readPerformance(
  sql: SqlStorage,
  parts: { tape: Tape; outcomes: Outcomes; counters: Counters },
  nowMs: number,
): TierPerformance {
  const { tape, outcomes, counters } = parts;
  const from = tape.head - MAX_SCANNED_ROWS;
  const count = (column: string) =>
    sql
      .exec<{ value: string | number; count: number }>(
        `SELECT ${column} AS value, count(*) AS count FROM tape WHERE seq > ? AND kind = 'pattern' GROUP BY 1 ORDER BY 2 DESC`,
        from,
      )
      .toArray();
  const byType = count('pattern_type');
  const byTenth = new Map(count('min(confidence / 100, 9)').map(row => [row.value, row.count]));
  const byPriority = count('priority');
  const hour = sql
    .exec<{ count: number; since: number | null }>(
      `SELECT count(*) AS count, min(received_at_ms) AS since FROM tape
       WHERE seq > ? AND kind = 'pattern' AND received_at_ms > ?`,
      from,
      nowMs - HOUR_MS,
    )
    .one();
  // At a high rate the newest rows do not reach an hour back: then the rate is over as long as they do.
  const isCut = from >= tape.oldest && hour.since !== null;
  const minutes = minutesFrom(isCut ? hour.since! : nowMs - HOUR_MS, nowMs);
  const success = outcomes.successRates();
  return {
    patterns: byType.reduce((sum, row) => sum + row.count, 0),
    by_pattern_type: byType.map(row => ({
      pattern_type: String(row.value),
      count: row.count,
      success: success[row.value] ?? null,
    })),
    confidence_distribution: Array.from({ length: 10 }, (_, tenth) => byTenth.get(tenth) ?? 0),
    by_priority: Object.fromEntries(byPriority.map(row => [PRIORITIES[Number(row.value)]!, row.count])),
    per_minute: hour.count / minutes,
    detection_to_delivery_ms: counters.histograms.detection_to_delivery_ms.summary(),
    success: success['']!,
  };
}
