import type { Context } from 'hono';
import * as z from 'zod';
import type { Filter } from '../../shared/filter.ts';
import { PRIORITIES } from '../../shared/priority.ts';
import { Problem } from '../problem.ts';

/** A comma-separated list; empty entries do not count. */
export const csv = z.string().transform(text =>
  text
    .split(',')
    .map(value => value.trim())
    .filter(Boolean),
);

/** A whole number in a query string, from `min` to `max`. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  return numberLike(/^\d{1,16}$/, `expected a whole number from ${min} to ${max}`, min, max);
}

/** A decimal number in a query string, from `min` to `max`. */
export function decimal(min: number, max: number): z.ZodType<number> {
  return numberLike(/^\d*\.?\d+$/, `expected a number from ${min} to ${max}`, min, max);
}

/** A whole filter in a query string: a list is comma-separated, and empty lets everything through. */
export const filterParameters = {
  kinds: csv.exactOptional(),
  pattern_types: csv.exactOptional(),
  symbols: csv.exactOptional(),
  timeframes: csv.exactOptional(),
  market_sessions: csv.exactOptional(),
  confidence_min: decimal(0, 1).exactOptional(),
  priority_min: z.enum(PRIORITIES).exactOptional(),
  exclude_symbols: csv.exactOptional(),
  exclude_pattern_types: csv.exactOptional(),
} satisfies Record<keyof Filter, z.ZodType>;

/**
 * The query parameters, checked. One that the route does not have is refused too: misspelt, it would change nothing
 * and nobody would notice.
 * @throws Problem 400 naming the parameter
 */
export function readQuery<S extends z.ZodType>(c: Context, schema: S): z.infer<S> {
  const parsed = schema.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.code === 'unrecognized_keys' ? issue.keys[0]! : issue.path.join('.');
  const detail = issue.code === 'unrecognized_keys' ? 'no such parameter here' : issue.message;
  throw new Problem(400, 'bad_parameter', `${field}: ${detail}`, field);
}

function numberLike(form: RegExp, message: string, min: number, max: number): z.ZodType<number> {
  return z.string().regex(form, message).transform(Number).pipe(z.number().min(min, message).max(max, message));
}
