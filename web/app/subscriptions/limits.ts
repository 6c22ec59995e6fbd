import { countFilterValues, type Filter, normaliseFilter } from '../../../shared/filter.ts';
import type { SESSION_LIMITS } from '../../../shared/limits.ts';
import type { Tier } from '../../../shared/topics.ts';
import type { NamedSubscription } from '../state/filters.ts';
import { countWords } from '../words.ts';

/** What the server allows a session, as its greeting says. */
export type Limits = Pick<
  { [Name in keyof typeof SESSION_LIMITS]: number },
  'max_subscriptions' | 'max_filter_values' | 'max_filter_bytes'
>;

/** What a tier's subscriptions take of it, each as it is sent; paused ones take nothing. */
export interface Usage {
  subscriptions: number;
  values: number;
  /** Of JSON, as the server counts them. */
  bytes: number;
}

export function usageOf(
  tier: Tier,
  subscriptions: readonly NamedSubscription[],
  sent = (filter: Filter) => filter,
): Usage {
  const filters = subscriptions
    .filter(({ isPaused }) => !isPaused)
    .map(({ filter }) => normaliseFilter(tier, sent(filter)));
  return {
    subscriptions: filters.length,
    values: filters.reduce((sum, filter) => sum + countFilterValues(filter), 0),
    bytes: filters.reduce((sum, filter) => sum + new TextEncoder().encode(JSON.stringify(filter)).length, 0),
  };
}

/** Which limit is passed, in words; null = none. */
export function excessWords(usage: Usage, limits: Limits): string | null {
  const over = usageLines(usage, limits).find(({ used, limit }) => used > limit);
  return over ? `${countWords(over.used)} ${over.name}, the server takes at most ${countWords(over.limit)}` : null;
}

/** What is used of each limit. */
export function usageLines(
  { subscriptions, values, bytes }: Usage,
  limits: Limits,
): { name: string; used: number; limit: number }[] {
  return [
    { name: 'subscriptions', used: subscriptions, limit: limits.max_subscriptions },
    { name: 'listed values', used: values, limit: limits.max_filter_values },
    { name: 'bytes', used: bytes, limit: limits.max_filter_bytes },
  ];
}
