import * as z from 'zod';
import { PRIORITIES } from './priority.ts';

const values = z.array(z.string());

/**
 * Which events a subscription wants. Absent or empty = everything; values of one list are OR'ed, dimensions AND'ed,
 * exclusions taken away at the end. Unknown fields are refused: a misspelt one would silently mean "everything".
 */
export const filterSchema = z.strictObject({
  kinds: values.optional(),
  pattern_types: values.optional(),
  symbols: values.optional(),
  timeframes: values.optional(),
  market_sessions: values.optional(),
  confidence_min: z.number().min(0).max(1).optional(),
  priority_min: z.enum(PRIORITIES).optional(),
  exclude_symbols: values.optional(),
  exclude_pattern_types: values.optional(),
});
export type Filter = z.infer<typeof filterSchema>;
