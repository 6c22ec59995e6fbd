import type { Count } from '../../shared/api/patterns.ts';
import type { TierPerformance } from '../../shared/api/performance.ts';
import type { Filter } from '../../shared/filter.ts';
import { MAX_SCANNED_ROWS } from '../../shared/limits.ts';
import { PRIORITIES } from '../../shared/priority.ts';
import type { RecentHistogram } from '../core/recent-histogram.ts';
import type { Outcomes } from './outcomes.ts';
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

/** A count as one tape can tell it. */
export type TapeCount = Pick<Count, 'matching' | 'total' | 'per_minute' | 'since' | 'complete'>;

/** Counts what came in within the last `minutes`, looking at no more than `MAX_SCANNED_ROWS` rows. */
export function readCount(tape: Tape, query: { filter: Filter; minutes: number }, nowMs: number): TapeCount {
  const windowFromMs = nowMs - query.minutes * MINUTE_MS;
  const begin = tape.firstSeqAfter(windowFromMs);
  const from = Math.max(begin, tape.head - MAX_SCANNED_ROWS + 1);
  // Where the window begins with the oldest row that is kept, more of it may have been there.
  const complete = from === begin && (begin > tape.oldest || begin === 1);
  const { matching, total } = tape.search.count(query.filter, from);
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
export function readPerformance(
  { tape, outcomes, delivery }: { tape: Tape; outcomes: Outcomes; delivery: RecentHistogram },
  nowMs: number,
): TierPerformance {
  const groups = tape.search.groupPatterns(nowMs - HOUR_MS);
  const sumBy = <K>(keyOf: (group: (typeof groups)[number]) => K) => {
    const sums = new Map<K, number>();
    for (const group of groups) sums.set(keyOf(group), (sums.get(keyOf(group)) ?? 0) + group.count);
    return sums;
  };
  const success = outcomes.successRates();
  const byType = sumBy(group => group.pattern_type);
  for (const type of Object.keys(success.byType)) if (!byType.has(type)) byType.set(type, 0);
  const byTenth = sumBy(group => group.tenth);
  const since = groups.flatMap(group => group.latelyFromMs ?? []);
  // At a high rate the newest rows do not reach an hour back: then the rate is over as long as they do.
  const isCut = tape.head - MAX_SCANNED_ROWS >= tape.oldest && since.length > 0;
  const minutes = minutesFrom(isCut ? Math.min(...since) : nowMs - HOUR_MS, nowMs);
  const { sinceMs, ...latency } = delivery.summary(nowMs);
  return {
    patterns: groups.reduce((sum, { count }) => sum + count, 0),
    by_pattern_type: [...byType]
      .sort(([, a], [, b]) => b - a)
      .map(([type, count]) => ({ pattern_type: type, count, success: success.byType[type] ?? null })),
    confidence_distribution: Array.from({ length: 10 }, (_, tenth) => byTenth.get(tenth) ?? 0),
    by_priority: Object.fromEntries(
      [...sumBy(group => group.priority)].map(([rank, count]) => [PRIORITIES[rank]!, count]),
    ),
    per_minute: groups.reduce((sum, { lately }) => sum + lately, 0) / minutes,
    detection_to_delivery_ms: { since: new Date(sinceMs).toISOString(), ...latency },
    success: success.all,
  };
}
