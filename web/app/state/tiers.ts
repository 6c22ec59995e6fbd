import { batch, type Signal } from '@preact/signals';
import type { Filter } from '../../../shared/filter.ts';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import {
  canonicalFilter,
  defaultFilters,
  isSame,
  type LocalFilter,
  type NamedSubscription,
  NO_LOCAL_FILTER,
  type TierFilters,
} from './filters.ts';
import { readLocal, readSubscriptions } from './read-filters.ts';
import { stored } from './stored.ts';

/**
 * The live filters of each tier: whoever changes one changes what the server sends. They outlive the page; windows that
 * are open side by side keep filters of their own.
 */
export const tiers = Object.fromEntries(TIERS.map(tier => [tier, newTier(tier)])) as Record<
  Tier,
  { subscriptions: Signal<readonly NamedSubscription[]>; local: Signal<LocalFilter> }
>;

/** The filters of a tier as they are now. Reads signals. */
export function filtersOf(tier: Tier): TierFilters {
  return { subscriptions: tiers[tier].subscriptions.value, local: tiers[tier].local.value };
}

/** The main subscription's filter. Reads a signal. */
export function mainFilter(tier: Tier): Filter {
  return mainOf(tier).filter;
}

/** The main subscription. Reads a signal. */
export function mainOf(tier: Tier): NamedSubscription {
  return tiers[tier].subscriptions.value[0]!;
}

/** Replaces a tier's filters by what a link or a view shows; what is the same as before wakes nobody. */
export function setFilters(tier: Tier, { subscriptions, local }: TierFilters): void {
  batch(() => {
    showSubscriptions(tier, subscriptions);
    setLocal(tier, local);
  });
}

/** What the user has done to a tier's subscriptions, as against what a link or a view shows. */
export interface SubscriptionEdit {
  tier: Tier;
  before: readonly NamedSubscription[];
  after: readonly NamedSubscription[];
}

const unheard: SubscriptionEdit[] = [];
let hear = (edit: SubscriptionEdit): unknown => unheard.push(edit);

/** Tells `listener`, the only one, of each edit, those before it included. */
export function onSubscriptionEdit(listener: (edit: SubscriptionEdit) => void): void {
  hear = listener;
  for (const edit of unheard.splice(0)) listener(edit);
}

/** Replaces a tier's subscriptions, as the user says. */
export function setSubscriptions(tier: Tier, subscriptions: readonly NamedSubscription[]): void {
  const before = tiers[tier].subscriptions.peek();
  batch(() => {
    showSubscriptions(tier, subscriptions);
    hear({ tier, before, after: tiers[tier].subscriptions.peek() });
  });
}

/** Replaces a tier's subscriptions in this window only. */
export function showSubscriptions(tier: Tier, subscriptions: readonly NamedSubscription[]): void {
  const canonical = subscriptions.map(each => ({ ...each, filter: canonicalFilter(each.filter) }));
  setIfOther(tiers[tier].subscriptions, canonical);
}

/** Replaces the main subscription's filter. */
export function setMain(tier: Tier, filter: Filter): void {
  const [main, ...others] = tiers[tier].subscriptions.peek();
  setSubscriptions(tier, [{ ...main!, filter }, ...others]);
}

/** Changes some of what is hidden on the page. */
export function setLocal(tier: Tier, changes: Partial<LocalFilter>): void {
  setIfOther(tiers[tier].local, { ...tiers[tier].local.peek(), ...changes });
}

/** Gives every tier what this one's chips, slider and text say; their further subscriptions stay. */
export function applyToAllTiers(from: Tier): void {
  const { subscriptions, local } = filtersOf(from);
  batch(() => {
    for (const tier of TIERS) {
      setMain(tier, subscriptions[0]!.filter);
      setLocal(tier, local);
    }
  });
}

/** Takes away every filter of a tier that chips, slider and text show, so that everything is sent and shown. */
export function clearFilters(tier: Tier): void {
  const [main, ...others] = tiers[tier].subscriptions.peek();
  batch(() => {
    setSubscriptions(tier, [{ ...main!, filter: {}, isPaused: false }, ...others]);
    setLocal(tier, NO_LOCAL_FILTER);
  });
}

function newTier(tier: Tier) {
  const { subscriptions, local } = defaultFilters();
  const options = { isShared: false };
  return {
    subscriptions: stored<readonly NamedSubscription[]>(
      `filters.1.${tier}.subscriptions`,
      subscriptions,
      readSubscriptions,
      options,
    ),
    local: stored(`filters.1.${tier}.local`, local, readLocal, options),
  };
}

function setIfOther<T>(target: Signal<T>, value: T): void {
  if (!isSame(target.peek(), value)) target.value = value;
}
