import type { Filter } from '../../../shared/filter.ts';
import { SESSION_LIMITS } from '../../../shared/limits.ts';
import { PRIORITIES } from '../../../shared/priority.ts';
import {
  canonicalFilter,
  DIRECTIONS,
  defaultFilters,
  FILTER_LISTS,
  type LocalFilter,
  MAIN_ID,
  MAX_NAME_LENGTH,
  MAX_TEXT_LENGTH,
  type NamedSubscription,
  NO_LOCAL_FILTER,
} from './filters.ts';
import { oneOf } from './stored.ts';

/**
 * The subscriptions that a stored value holds. One that is unusable is left out, rather than read as asking for more
 * than it did; the main one is always there. undefined = it is something else.
 */
export function readSubscriptions(value: unknown): NamedSubscription[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const byId = new Map<string, NamedSubscription>();
  const names = new Set<string>();
  for (const subscription of value.slice(0, SESSION_LIMITS.max_subscriptions).map(readSubscription)) {
    if (!subscription || byId.has(subscription.id) || names.has(subscription.name)) continue;
    names.add(subscription.name);
    byId.set(subscription.id, subscription);
  }
  const main = byId.get(MAIN_ID) ?? defaultFilters().subscriptions[0]!;
  byId.delete(MAIN_ID);
  return [main, ...byId.values()];
}

/** What a stored value hides on the page; each of its fields counts alone. */
export function readLocal(value: unknown): LocalFilter {
  const { directions, sectors, maxAgeMs, text, starredOnly } = fieldsOf(value);
  return {
    directions: Array.isArray(directions) ? DIRECTIONS.filter(direction => directions.includes(direction)) : [],
    sectors: isListOfWords(sectors) ? [...new Set(sectors.map(sector => sector.trim()))] : [],
    maxAgeMs: isAge(maxAgeMs) ? maxAgeMs : null,
    text: typeof text === 'string' && text.length <= MAX_TEXT_LENGTH ? text.trim() : NO_LOCAL_FILTER.text,
    starredOnly: starredOnly === true,
  };
}

/** The filter that a stored value is; undefined if any of it is not a filter's. */
export function readFilter(value: unknown): Filter | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { confidence_min, priority_min, ...lists } = value as Record<string, unknown>;
  const filter: Filter = {};
  for (const [name, values] of Object.entries(lists)) {
    const list = oneOf(FILTER_LISTS)(name);
    if (!list || !isListOfWords(values)) return undefined;
    filter[list] = values;
  }
  if (confidence_min !== undefined) {
    if (typeof confidence_min !== 'number' || !(confidence_min >= 0 && confidence_min <= 1)) return undefined;
    filter.confidence_min = confidence_min;
  }
  if (priority_min !== undefined) {
    const priority = oneOf(PRIORITIES)(priority_min);
    if (!priority) return undefined;
    filter.priority_min = priority;
  }
  return canonicalFilter(filter);
}

function readSubscription(value: unknown): NamedSubscription | undefined {
  const { id, name, filter, isPaused } = fieldsOf(value);
  const read = readFilter(filter);
  if (!read || !isShortText(id, 64) || !isShortText(name, MAX_NAME_LENGTH)) return undefined;
  return { id, name: name.trim(), filter: read, isPaused: isPaused === true };
}

function isListOfWords(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= SESSION_LIMITS.max_filter_values &&
    value.every(each => isShortText(each, 100))
  );
}

function isShortText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= maxLength;
}

function isAge(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value / 1_000) && value > 0;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
