import { MAIN_ID, MAX_NAME_LENGTH, type NamedSubscription } from '../state/filters.ts';
import { idFor } from '../state/url.ts';

/** What the form of a subscription says. */
export type Draft = Pick<NamedSubscription, 'name' | 'filter'>;

/** Why a subscription cannot have this name, in words; null = it can. `id` is its own, null for a new one. */
export function refusalOfName(name: string, id: string | null, others: readonly NamedSubscription[]): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return 'A subscription needs a name';
  if (trimmed.length > MAX_NAME_LENGTH) return `A name has at most ${MAX_NAME_LENGTH} characters`;
  if (others.some(other => other.id !== id && other.name === trimmed))
    return `There is a subscription “${trimmed}” already`;
  return null;
}

/** The subscriptions with one changed, or with a new one (`id` null) at the end. */
export function withDraft(
  subscriptions: readonly NamedSubscription[],
  id: string | null,
  { name, filter }: Draft,
): NamedSubscription[] {
  const trimmed = name.trim();
  if (id !== null) {
    return subscriptions.map(each => (each.id === id ? { ...each, name: trimmed, filter } : each));
  }
  const made = idFor(trimmed, new Set(subscriptions.map(each => each.id)));
  return [...subscriptions, { id: made, name: trimmed, filter, isPaused: false }];
}

export function withPaused(
  subscriptions: readonly NamedSubscription[],
  id: string,
  isPaused: boolean,
): NamedSubscription[] {
  return subscriptions.map(each => (each.id === id ? { ...each, isPaused } : each));
}

/** The subscriptions without one; the main one stays. */
export function withoutSubscription(subscriptions: readonly NamedSubscription[], id: string): NamedSubscription[] {
  return subscriptions.filter(each => each.id !== id || each.id === MAIN_ID);
}
