import { type Filter, normaliseFilter } from '../../../shared/filter.ts';

export { MAX_NAME_LENGTH } from '../../../shared/user-kinds.ts';

/** What a tier's column asks the server for under a name; those of a tier are OR'ed. */
export interface NamedSubscription {
  /** 1-64 characters, unique in the tier. */
  id: string;
  /** Unique in the tier, as the user wrote it. */
  name: string;
  filter: Filter;
  /** Kept, and not sent to the server. */
  isPaused: boolean;
}

/** Where a pattern points; `other` also when the producer did not say. */
export type Direction = 'up' | 'down' | 'other';
export const DIRECTIONS = ['up', 'down', 'other'] as const satisfies readonly Direction[];

/** The sector of symbols of which nobody has said one. */
export const NO_SECTOR = 'n/a';

/** What the page hides of what the server sent, because the server cannot filter by it. */
export interface LocalFilter {
  /** Empty = all. */
  directions: readonly Direction[];
  /** Of the reference data, in any case; `n/a`: they do not say. Empty = all. */
  sectors: readonly string[];
  /** Rows whose detection is longer ago are hidden: milliseconds, whole seconds; null = any age. */
  maxAgeMs: number | null;
  /** What a row must contain, in any case; trimmed; empty = anything. */
  text: string;
  starredOnly: boolean;
}

/** The filters of one tier, whole: what is stored, shared and undone at once. */
export interface TierFilters {
  /** At least one; the first is the main one, which chips, slider and text edit. */
  subscriptions: readonly NamedSubscription[];
  local: LocalFilter;
}

/** The main subscription's id; it is always there and always the first. */
export const MAIN_ID = 'main';
/** Longest free text, in characters. */
export const MAX_TEXT_LENGTH = 100;
/** What the main subscription asks for until the user says otherwise: patterns below rarely hold. */
export const DEFAULT_CONFIDENCE_MIN = 0.6;
export const NO_LOCAL_FILTER: LocalFilter = {
  directions: [],
  sectors: [],
  maxAgeMs: null,
  text: '',
  starredOnly: false,
};

/** The lists of a filter that a user can edit. */
export const FILTER_LISTS = [
  'symbols',
  'exclude_symbols',
  'pattern_types',
  'exclude_pattern_types',
  'timeframes',
  'market_sessions',
] as const;
export type FilterList = (typeof FILTER_LISTS)[number];

export function defaultFilters(): TierFilters {
  const filter = { confidence_min: DEFAULT_CONFIDENCE_MIN };
  return { subscriptions: [{ id: MAIN_ID, name: 'Main', filter, isPaused: false }], local: NO_LOCAL_FILTER };
}

/** What `Column.subscribe` takes: the subscriptions that are not paused. */
export function activeSubscriptions(subscriptions: readonly NamedSubscription[]): { id: string; filter: Filter }[] {
  return subscriptions.filter(({ isPaused }) => !isPaused).map(({ id, filter }) => ({ id, filter }));
}

/**
 * A filter in the one form that means the same: as the server normalises it, lists in order, nothing blank. The page
 * shows patterns only, so that `kinds` is left to the server's default.
 */
export function canonicalFilter(filter: Filter): Filter {
  const { confidence_min, priority_min, ...lists } = normaliseFilter('daily', filter);
  const canonical: Filter = {};
  for (const list of FILTER_LISTS) {
    const values = lists[list]?.filter(value => value.trim() !== '');
    if (values?.length) canonical[list] = values.sort();
  }
  if (confidence_min !== undefined) canonical.confidence_min = confidence_min;
  if (priority_min) canonical.priority_min = priority_min;
  return canonical;
}

/** How many parts the filters of a tier have, further subscriptions included: for where there is room for no more. */
export function countParts({ subscriptions: [main, ...others], local }: TierFilters): number {
  const { directions, sectors, maxAgeMs, text, starredOnly } = local;
  const hiding = [directions.length > 0, sectors.length > 0, maxAgeMs !== null, text !== '', starredOnly].filter(
    Boolean,
  ).length;
  return Object.keys(main!.filter).length + hiding + others.length;
}

/** Whether two values are the same when written down. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
