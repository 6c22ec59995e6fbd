import type { Filter } from './filter-schema.ts';
import type { Topic } from './topics.ts';

export type { Filter } from './filter-schema.ts';

/** Each list of wanted values, with the field of an event that must be among them. */
export const WANTED_LISTS = [
  ['kinds', 'kind'],
  ['pattern_types', 'pattern_type'],
  ['symbols', 'symbol'],
  ['timeframes', 'timeframe'],
  ['market_sessions', 'market_session'],
] as const;
/** Each list of unwanted values, with the field that must not be among them. */
export const EXCLUDED_LISTS = [
  ['exclude_symbols', 'symbol'],
  ['exclude_pattern_types', 'pattern_type'],
] as const;
const FILTER_LISTS = [...WANTED_LISTS, ...EXCLUDED_LISTS].map(([list]) => list);

/**
 * The filter as a topic's hub understands it: symbols upper-cased, values once each, empty lists and thresholds that
 * let everything through left out. `kinds` is always there: what the topic defaults to when absent, and empty for
 * "everything", so that what a client is told can be sent again and means the same.
 */
export function normaliseFilter(topic: Topic, filter: Filter): Filter {
  const normal: Filter = { kinds: [...new Set(filter.kinds ?? (topic === 'system' ? [] : ['pattern']))] };
  for (const list of FILTER_LISTS) {
    const wanted = list === 'kinds' ? undefined : filter[list];
    if (!wanted?.length) continue;
    normal[list] = [...new Set(list.endsWith('symbols') ? wanted.map(normaliseSymbol) : wanted)];
  }
  const least = thousandths(filter.confidence_min ?? 0);
  if (least > 0) normal.confidence_min = least / 1_000;
  if (filter.priority_min && filter.priority_min !== 'low') normal.priority_min = filter.priority_min;
  return normal;
}

/** Symbols are compared trimmed and upper-cased. */
export function normaliseSymbol(symbol: string): string {
  return symbol.trim().toUpperCase();
}

/** A confidence as the whole number it is compared by: 0.6005 and 0.601 are both 601. */
export function thousandths(confidence: number): number {
  return Math.round(confidence * 1_000);
}

/** How many listed values a filter has, against `max_filter_values`. */
export function countFilterValues(filter: Filter): number {
  return FILTER_LISTS.reduce((count, list) => count + (filter[list]?.length ?? 0), 0);
}
