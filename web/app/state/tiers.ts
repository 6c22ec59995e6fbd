import { batch, type Signal, signal } from '@preact/signals';
import { type Filter, normaliseFilter } from '../../../shared/filter.ts';
import { TIERS, type Tier } from '../../../shared/topics.ts';

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

/** What the page hides of what the server sent, because the server cannot filter by it. */
export interface LocalFilter {
  /** Empty = all. */
  directions: readonly Direction[];
  /** Rows whose detection is longer ago are hidden: milliseconds, whole seconds; null = any age. */
  maxAgeMs: number | null;
  /** Words that a row must contain, in any case; empty = any. */
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
/** Longest name of a subscription, in characters. */
export const MAX_NAME_LENGTH = 40;
/** What the main subscription asks for until the user says otherwise: patterns below rarely hold. */
export const DEFAULT_CONFIDENCE_MIN = 0.6;
export const NO_LOCAL_FILTER: LocalFilter = { directions: [], maxAgeMs: null, text: '', starredOnly: false };

/** The lists of a filter that a user can edit. */
export const FILTER_LISTS = [
  'symbols',
  'exclude_symbols',
  'pattern_types',
  'exclude_pattern_types',
  'timeframes',
  'market_sessions',
] as const;

/** The live filters of each tier: whoever changes one changes what the server sends. */
export const tiers: Record<Tier, { subscriptions: Signal<readonly NamedSubscription[]>; local: Signal<LocalFilter> }> =
  {
    daily: newTier(),
    intraday: newTier(),
    combo: newTier(),
  };

export function defaultFilters(): TierFilters {
  const filter = { confidence_min: DEFAULT_CONFIDENCE_MIN };
  return { subscriptions: [{ id: MAIN_ID, name: 'Main', filter, isPaused: false }], local: NO_LOCAL_FILTER };
}

/** What `Column.subscribe` takes: the subscriptions that are not paused. */
export function activeSubscriptions(subscriptions: readonly NamedSubscription[]): { id: string; filter: Filter }[] {
  return subscriptions.filter(({ isPaused }) => !isPaused).map(({ id, filter }) => ({ id, filter }));
}

/** The filters of a tier as they are now. Reads signals. */
export function filtersOf(tier: Tier): TierFilters {
  return { subscriptions: tiers[tier].subscriptions.value, local: tiers[tier].local.value };
}

/** The main subscription's filter. Reads a signal. */
export function mainFilter(tier: Tier): Filter {
  return tiers[tier].subscriptions.value[0]!.filter;
}

/** Replaces a tier's filters; what is the same as before wakes nobody. */
export function setFilters(tier: Tier, { subscriptions, local }: TierFilters): void {
  batch(() => {
    setSubscriptions(tier, subscriptions);
    setLocal(tier, local);
  });
}

export function setSubscriptions(tier: Tier, subscriptions: readonly NamedSubscription[]): void {
  setIfOther(
    tiers[tier].subscriptions,
    subscriptions.map(subscription => ({ ...subscription, filter: canonicalFilter(subscription.filter) })),
  );
}

/** Replaces the filter of one subscription; one that the tier does not have changes nothing. */
export function setFilter(tier: Tier, id: string, filter: Filter): void {
  const changed = tiers[tier].subscriptions
    .peek()
    .map(subscription => (subscription.id === id ? { ...subscription, filter } : subscription));
  setSubscriptions(tier, changed);
}

export function setLocal(tier: Tier, local: LocalFilter): void {
  setIfOther(tiers[tier].local, local);
}

/** Gives every tier what this one's chips, slider and text say; their further subscriptions stay. */
export function applyToAllTiers(from: Tier): void {
  const { subscriptions, local } = filtersOf(from);
  batch(() => {
    for (const tier of TIERS) {
      setFilter(tier, MAIN_ID, subscriptions[0]!.filter);
      setLocal(tier, local);
    }
  });
}

/**
 * A filter in the one form that means the same: as the server normalises it, lists in order. The page shows patterns
 * only, so that `kinds` is left to the server's default.
 */
export function canonicalFilter(filter: Filter): Filter {
  const { kinds: _, ...normal } = normaliseFilter('daily', filter);
  const canonical: Filter = {};
  for (const list of FILTER_LISTS) {
    const values = normal[list];
    if (values) canonical[list] = values.toSorted();
  }
  if (normal.confidence_min !== undefined) canonical.confidence_min = normal.confidence_min;
  if (normal.priority_min) canonical.priority_min = normal.priority_min;
  return canonical;
}

function setIfOther<T>(target: Signal<T>, value: T): void {
  if (JSON.stringify(target.peek()) !== JSON.stringify(value)) target.value = value;
}

function newTier() {
  const { subscriptions, local } = defaultFilters();
  return { subscriptions: signal(subscriptions), local: signal(local) };
}
