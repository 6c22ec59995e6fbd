import * as z from 'zod';
import type { Filter } from '../filter.ts';
import { PRIORITIES } from '../priority.ts';

/** A comma-separated list; empty entries do not count. */
export const csv = z
  .string()
  .transform(text =>
    text
      .split(',')
      .map(value => value.trim())
      .filter(Boolean),
  )
  .meta({ override: { type: 'array', items: { type: 'string' } } });

/** A whole number in a query string, from `min` to `max`. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  const message = `expected a whole number from ${min} to ${max}`;
  return numberLike(/^\d{1,16}$/, message, { min, max }).meta(asNumber({ type: 'integer', min, max }));
}

/** A decimal number in a query string, from `min` to `max`. */
export function decimal(min: number, max: number): z.ZodType<number> {
  const message = `expected a number from ${min} to ${max}`;
  return numberLike(/^\d*\.?\d+$/, message, { min, max }).meta(asNumber({ type: 'number', min, max }));
}

/** Of a route that takes none. */
export const noParameters = z.strictObject({});

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

function numberLike(form: RegExp, message: string, { min, max }: { min: number; max: number }) {
  return z.string().regex(form, message).transform(Number).pipe(z.number().min(min, message).max(max, message));
}

/** In documents it is the number that the text stands for. */
function asNumber({ type, min, max }: { type: 'integer' | 'number'; min: number; max: number }) {
  return {
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      delete jsonSchema.pattern;
      Object.assign(jsonSchema, { type, minimum: min, maximum: max });
    },
  };
}
