import type { Gap } from '../client/client.ts';
import { type Clock, momentWords, zoneWords } from './times.ts';
import { events } from './words.ts';

/** How times are told. */
interface Told {
  nowMs: number;
  clock: Clock;
}

const GAP_REASONS: Record<string, string> = {
  redis_disconnected: 'the bridge had lost Redis',
  bridge_absent: 'no bridge was running',
  outbox_overflow: 'the bridge could not keep all that waited',
};

/** A time in which events may be missing. */
export function gapWords({ from, to, reason }: Gap, told: Told): string {
  const span = spanOf({ fromMs: Date.parse(from), toMs: Date.parse(to) }, told);
  return `Gap: events of ${span} may be missing (${GAP_REASONS[reason] ?? reason})`;
}

/** What matched and was not sent within some seconds. */
export function withheldWords(
  { rateLimited, skipped, fromMs, toMs }: { rateLimited: number; skipped: number } & Span,
  told: Told,
): string {
  const causes = [
    rateLimited > 0 && `${rateLimited} over the rate limit`,
    skipped > 0 && `${skipped} because this page read slowly`,
  ].filter(Boolean);
  return `${events(rateLimited + skipped)} not sent, ${spanOf({ fromMs, toMs }, told)} (${causes.join(', ')})`;
}

/** What came in afterwards; the span is when it was detected. */
export function backfilledWords(count: number, span: Span, told: Told): string {
  return `${events(count)} of ${spanOf(span, told)} backfilled`;
}

/** What cannot be had any more, since a time; null = not known since when. */
export function lostWords(sinceMs: number | null, told: Told): string {
  const since =
    sinceMs === null ? '' : ` since ${momentWords(sinceMs, told.nowMs, told.clock)} ${zoneWords(told.clock)}`;
  return `Not recoverable: what was missed${since}. The newest events stand above`;
}

/** A stream that was too fast to read. */
export const AUTO_GROUPED_WORDS =
  'Over 8 new rows a second: grouped, so that it can be read. “Keep stream” takes it back';

/** Where a column ends, and why. */
export const TAPE_END_WORDS = 'The tape ends here: nothing older is kept';
export const FRUITLESS_WORDS = 'Nothing older has matched so far. Scroll here again to look further';
export const LOADING_OLDER_WORDS = 'Loading older rows…';

/** The ring is full. */
export function fullWords(held: number): string {
  return `${held.toLocaleString('en-US')} rows are held here; older ones were let go. A narrower filter reaches further back`;
}

/** Older rows did not come. */
export function olderFailedWords(cause: string): string {
  return `Older rows could not be loaded: ${cause}. Scroll here again to retry`;
}

/** Epoch milliseconds. */
export interface Span {
  fromMs: number;
  toMs: number;
}

function spanOf({ fromMs, toMs }: Span, { nowMs, clock }: Told): string {
  const from = momentWords(fromMs, nowMs, clock);
  const to = momentWords(toMs, nowMs, clock);
  return `${from === to ? from : `${from}–${to}`} ${zoneWords(clock)}`;
}
