import * as z from 'zod';
import { TIERS } from '../topics.ts';

const tiers = z.array(z.enum(TIERS));

/** The pattern types and timeframes that patterns have had, in alphabetical order. */
export const patternTypesSchema = z.object({
  pattern_types: z.array(
    z.object({
      pattern_type: z.string(),
      tiers,
      /** When the newest pattern of this type came in, on any of its tiers. */
      last_seen_at: z.string(),
    }),
  ),
  timeframes: z.array(z.object({ timeframe: z.string(), tiers })),
  /** Tiers whose hub gave no answer. */
  missing: tiers,
});
export type PatternTypes = z.infer<typeof patternTypesSchema>;
