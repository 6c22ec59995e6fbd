import { EXCLUDED_LISTS, type Filter, WANTED_LISTS } from './filter.ts';
import { type Matchable, matches } from './matches.ts';

/** The parts of a filter, in the order in which they are told. */
export const FILTER_CLAUSES = [
  'kinds',
  'pattern_types',
  'symbols',
  'timeframes',
  'market_sessions',
  'confidence_min',
  'priority_min',
  'exclude_symbols',
  'exclude_pattern_types',
] as const satisfies readonly (keyof Filter)[];
export type FilterClause = (typeof FILTER_CLAUSES)[number];

/** One part of a filter beside an event, e.g. `{clause: 'symbols', wants: ['NVDA'], event_has: 'AAPL', holds: false}`. */
export interface JudgedClause {
  clause: FilterClause;
  /** null = the filter does not ask about it. */
  wants: string[] | number | string | null;
  /** null = the event has none. */
  event_has: string | number | null;
  holds: boolean;
}

/** What each part of a filter (as `normaliseFilter` returns it) says of an event. */
export interface Judgement {
  /** All of them, those that the filter does not ask about too. */
  clauses: JudgedClause[];
  /** Equal to `matches(filter, event)`: whether all of them hold. */
  matches: boolean;
}

/** Holds a filter against an event part by part, each by `matches` itself with the other parts left out. */
export function judge(filter: Filter, event: Matchable): Judgement {
  const clauses = FILTER_CLAUSES.map((clause): JudgedClause => {
    const wants = filter[clause];
    return {
      clause,
      wants: wants === undefined || (Array.isArray(wants) && wants.length === 0) ? null : wants,
      event_has: event[FIELDS[clause]] ?? null,
      holds: matches({ [clause]: wants }, event),
    };
  });
  return { clauses, matches: clauses.every(({ holds }) => holds) };
}

const FIELDS = {
  ...Object.fromEntries([...WANTED_LISTS, ...EXCLUDED_LISTS]),
  confidence_min: 'confidence',
  priority_min: 'priority',
} as Record<FilterClause, keyof Matchable>;
