import type { PatternEvent } from '../../../shared/events.ts';
import { directionWords } from '../../live/words.ts';
import { type Direction, type LocalFilter, NO_SECTOR } from '../state/filters.ts';

/** What the local filter asks about rows. */
export interface LocalFacts {
  isStarred(event: PatternEvent): boolean;
  /** The sector of a symbol, null where nobody has said one; null itself while sectors are not known: then none is hidden. */
  sectorOf: ReadonlyMap<string, string | null> | null;
  /** On the clock of the events. */
  nowMs: number;
}

/**
 * What the local filter hides; null = nothing. Ages are told from `nowMs`, so that a filter by age is made anew as time
 * goes by.
 *
 */
export function hidesOf(
  { directions, sectors, maxAgeMs, text, starredOnly }: LocalFilter,
  { isStarred, sectorOf, nowMs }: LocalFacts,
): ((event: PatternEvent) => boolean) | null {
  const tests: ((event: PatternEvent) => boolean)[] = [];
  if (directions.length > 0) tests.push(event => !directions.includes(directionOf(event)));
  if (sectors.length > 0 && sectorOf) {
    const wanted = sectors.map(sector => sector.toLowerCase());
    tests.push(event => !wanted.includes((sectorOf.get(event.symbol) ?? NO_SECTOR).toLowerCase()));
  }
  if (maxAgeMs !== null) tests.push(event => Date.parse(event.detected_at) < nowMs - maxAgeMs);
  if (starredOnly) tests.push(event => !isStarred(event));
  if (text !== '') {
    const wanted = text.toLowerCase();
    tests.push(event => !wordsOf(event).includes(wanted));
  }
  return tests.length === 0 ? null : event => tests.some(hides => hides(event));
}

/** How often a filter by age is made anew: a fiftieth of it, from 1 s to 1 min. */
export function agePeriodMs(maxAgeMs: number): number {
  return Math.min(Math.max(maxAgeMs / 50, 1_000), 60_000);
}

export function directionOf(event: PatternEvent): Direction {
  const { name } = directionWords(event.direction);
  return name === 'none' ? 'other' : name;
}

/** What free text is looked for in: what a row says, in words. */
function wordsOf(event: PatternEvent): string {
  const words = [
    event.symbol,
    event.pattern_type,
    event.pattern_type.replace(/_/g, ' '),
    event.timeframe,
    event.direction,
    event.priority,
    event.market_session,
    event.source,
    ...event.tags,
  ];
  return words.join('\n').toLowerCase();
}
