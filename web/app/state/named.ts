import { batch, effect, type Signal } from '@preact/signals';
import { isTier, isTopic, TIERS, type Tier, TOPICS } from '../../../shared/topics.ts';
import type { UserSubscription } from '../../../shared/user-data.ts';
import { isSame, MAIN_ID, MAX_NAME_LENGTH, type NamedSubscription } from './filters.ts';
import { mergeLists } from './merge-lists.ts';
import { readFilter, readSubscriptions } from './read-filters.ts';
import { keep, readKept, stored } from './stored.ts';
import { onSubscriptionEdit, type SubscriptionEdit, setSubscriptions, showSubscriptions, tiers } from './tiers.ts';
import { idFor } from './url.ts';

const KEY = 'subscriptions.1';

/** The user's named subscriptions, of all tiers: those that were saved, whatever a link or a view shows. */
export const userSubscriptions: Signal<readonly UserSubscription[]> = stored<readonly UserSubscription[]>(
  KEY,
  [],
  readUserSubscriptions,
  { merge: mergeLists(({ id }) => id) },
);

/** Keeps them in step with what the user does in the columns, and the columns with what comes from elsewhere. Called once. */
export function followSubscriptions(): void {
  if (readKept(KEY, readUserSubscriptions) === undefined) {
    userSubscriptions.value = fromColumns();
    keep(KEY, userSubscriptions.peek());
  }
  onSubscriptionEdit(edit => {
    const edited = withEdit(userSubscriptions.peek(), edit);
    if (!isSame(edited, userSubscriptions.peek())) userSubscriptions.value = edited;
  });
  let known = userSubscriptions.peek();
  effect(() => {
    const now = userSubscriptions.value;
    const before = known;
    known = now;
    batch(() => {
      for (const tier of TIERS) {
        const shown = tiers[tier].subscriptions.peek();
        showSubscriptions(tier, withChanges(shown, tier, before, now));
      }
    });
  });
}

/** Those of a tier that its column does not show, because a link or a view shows others. Reads signals. */
export function notShown(tier: Tier): UserSubscription[] {
  const names = new Set(tiers[tier].subscriptions.value.map(({ name }) => name));
  return ofTier(userSubscriptions.value, tier).filter(({ name }) => !names.has(name));
}

/** Shows one in its column too, and asks for it. */
export function showToo(tier: Tier, { name, filter }: UserSubscription): void {
  const shown = tiers[tier].subscriptions.peek();
  const id = idFor(name, new Set(shown.map(each => each.id)));
  setSubscriptions(tier, [...shown, { id, name, filter, isPaused: false }]);
}

/** Takes one that is not shown away for good. */
export function deleteNotShown(tier: Tier, { id, name, filter }: UserSubscription): void {
  const before = [{ id, name, filter, isPaused: false }];
  userSubscriptions.value = withEdit(userSubscriptions.peek(), { tier, before, after: [] });
}

/** The user's subscriptions after what was done in a column. */
export function withEdit(
  all: readonly UserSubscription[],
  { tier, before, after }: SubscriptionEdit,
): UserSubscription[] {
  let edited = [...all];
  const find = (name: string) => edited.find(each => each.name === name && each.topics.includes(tier));
  const beforeById = new Map(before.map(each => [each.id, each]));
  for (const each of after) {
    const was = beforeById.get(each.id);
    beforeById.delete(each.id);
    if (each.id === MAIN_ID || (was && isSame(was, each))) continue;
    const { name, filter, isPaused } = each;
    const known = find(was?.name ?? name);
    const saved = { name, topics: known?.topics ?? [tier], filter, enabled: !isPaused };
    if (known) edited = edited.map(other => (other === known ? { id: known.id, ...saved } : other));
    else edited.push({ id: idFor(name, new Set(edited.map(({ id }) => id))), ...saved });
  }
  for (const gone of beforeById.values()) {
    const known = gone.id === MAIN_ID ? undefined : find(gone.name);
    if (!known) continue;
    const topics = known.topics.filter(topic => topic !== tier);
    edited = edited.flatMap(other => (other !== known ? [other] : topics.length > 0 ? [{ ...other, topics }] : []));
  }
  return edited;
}

/** What a column shows after the user's subscriptions have changed: what has not changed stays as it is shown. */
export function withChanges(
  shown: readonly NamedSubscription[],
  tier: Tier,
  before: readonly UserSubscription[],
  now: readonly UserSubscription[],
): NamedSubscription[] {
  let changed = [...shown];
  const old = new Map(ofTier(before, tier).map(each => [each.id, each]));
  for (const { id, name, filter, enabled } of ofTier(now, tier)) {
    const was = old.get(id);
    old.delete(id);
    if (was && was.name === name && was.enabled === enabled && isSame(was.filter, filter)) continue;
    const target = changed.find(each => each.id !== MAIN_ID && each.name === (was?.name ?? name));
    // A link or a view shows others.
    if (was && !target) continue;
    const taken = new Set(changed.map(each => each.id));
    const next = { id: target?.id ?? idFor(name, taken), name, filter, isPaused: !enabled };
    if (changed.some(each => each.name === name && each !== target)) continue;
    changed = target ? changed.map(each => (each === target ? next : each)) : [...changed, next];
  }
  for (const gone of old.values()) changed = changed.filter(each => each.id === MAIN_ID || each.name !== gone.name);
  return changed;
}

/** The subscriptions that a stored value holds, without those that are unusable; undefined = it is no list. */
export function readUserSubscriptions(value: unknown): UserSubscription[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const byId = new Map<string, UserSubscription>();
  for (const each of value) {
    const read = readUserSubscription(each);
    if (read && !byId.has(read.id)) byId.set(read.id, read);
  }
  return [...byId.values()];
}

/** A subscription in the one form that means the same; undefined = no column can show it. */
export function readUserSubscription(value: unknown): UserSubscription | undefined {
  const { id, name, topics, filter, enabled } = (value ?? {}) as Record<string, unknown>;
  const read = readFilter(filter);
  const isNamed = typeof name === 'string' && name.trim() !== '' && name.length <= MAX_NAME_LENGTH;
  if (!read || !isNamed || typeof id !== 'string' || !Array.isArray(topics)) return undefined;
  const wanted = TOPICS.filter(topic => topics.includes(topic));
  if (wanted.length !== topics.length || !topics.every(isTopic) || !topics.some(isTier)) return undefined;
  return { id, name: name.trim(), topics: wanted, filter: read, enabled: enabled === true };
}

/** What the columns of this browser keep. */
function fromColumns(): UserSubscription[] {
  return TIERS.reduce<UserSubscription[]>((all, tier) => {
    const after = readKept(`filters.1.${tier}.subscriptions`, readSubscriptions) ?? [];
    return withEdit(all, { tier, before: [], after });
  }, []);
}

function ofTier(all: readonly UserSubscription[], tier: Tier): UserSubscription[] {
  return all.filter(({ topics }) => topics.includes(tier));
}
