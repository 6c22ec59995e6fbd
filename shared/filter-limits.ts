import { countFilterValues, type Filter } from './filter.ts';
import { SESSION_LIMITS } from './limits.ts';
import { utf8Bytes } from './text.ts';

/** Which limit the filters of one session, in normal form, pass together, in words; null = none. */
export function excessOf(filters: readonly Filter[]): string | null {
  const { max_filter_values, max_filter_bytes } = SESSION_LIMITS;
  const values = filters.reduce((sum, filter) => sum + countFilterValues(filter), 0);
  if (values > max_filter_values) return `max_filter_values: ${values} listed values, at most ${max_filter_values}`;
  const bytes = filters.reduce((sum, filter) => sum + utf8Bytes(JSON.stringify(filter)), 0);
  if (bytes > max_filter_bytes) return `max_filter_bytes: ${bytes} bytes of JSON, at most ${max_filter_bytes}`;
  return null;
}
