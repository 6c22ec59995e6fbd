import { type Filter, normaliseFilter } from '../../shared/filter.ts';
import { excessOf } from '../../shared/filter-limits.ts';
import { PRIORITIES } from '../../shared/priority.ts';
import type { Topic } from '../../shared/topics.ts';

/** A filter that the server would refuse; `message` is what it would say. */
export class BadFilterError extends Error {
  override readonly name = 'BadFilterError';
  /** The code of the server's `error` frame. */
  readonly code = 'bad_filter';
}

/**
 * The filter in normal form, as a topic's hub understands it.
 * @throws BadFilterError when the hub would refuse it in a session that has no other
 */
export function checkFilter(topic: Topic, filter: unknown): Filter {
  // What is checked is what would travel.
  const sent: unknown = JSON.parse(JSON.stringify(filter));
  const fault = faultOf(sent);
  if (fault) throw new BadFilterError(fault);
  const normal = normaliseFilter(topic, sent as Filter);
  const excess = excessOf([normal]);
  if (excess) throw new BadFilterError(excess);
  return normal;
}

/** Says `path: what is wrong` of a value from JSON, in the words of the schema's own checks. */
type Check = (path: string, value: unknown) => string | null;

/** In the order of the schema, as the first fault is the one that is told. */
const CHECKS: { readonly [Field in keyof Filter]-?: Check } = {
  kinds: listFault,
  pattern_types: listFault,
  symbols: listFault,
  timeframes: listFault,
  market_sessions: listFault,
  confidence_min: shareFault,
  priority_min: priorityFault,
  exclude_symbols: listFault,
  exclude_pattern_types: listFault,
};

function faultOf(filter: unknown): string | null {
  if (typeOf(filter) !== 'object') return typeFault('filter', 'object', filter);
  const fields = filter as Record<string, unknown>;
  for (const [name, check] of Object.entries(CHECKS)) {
    const fault = Object.hasOwn(fields, name) ? check(`filter.${name}`, fields[name]) : null;
    if (fault) return fault;
  }
  const unknown = Object.keys(fields).filter(name => !Object.hasOwn(CHECKS, name));
  if (unknown.length === 0) return null;
  return `filter: Unrecognized key${unknown.length > 1 ? 's' : ''}: ${unknown.map(name => `"${name}"`).join(', ')}`;
}

function listFault(path: string, value: unknown): string | null {
  if (!Array.isArray(value)) return typeFault(path, 'array', value);
  const at = value.findIndex(item => typeof item !== 'string');
  return at < 0 ? null : typeFault(`${path}.${at}`, 'string', value[at]);
}

function shareFault(path: string, value: unknown): string | null {
  if (typeof value !== 'number') return typeFault(path, 'number', value);
  if (value < 0) return `${path}: Too small: expected number to be >=0`;
  if (value > 1) return `${path}: Too big: expected number to be <=1`;
  return null;
}

function priorityFault(path: string, value: unknown): string | null {
  if ((PRIORITIES as readonly unknown[]).includes(value)) return null;
  return `${path}: Invalid option: expected one of ${PRIORITIES.map(word => `"${word}"`).join('|')}`;
}

function typeFault(path: string, expected: string, value: unknown): string {
  return `${path}: Invalid input: expected ${expected}, received ${typeOf(value)}`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
