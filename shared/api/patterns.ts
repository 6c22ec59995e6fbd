import * as z from 'zod';
import { gapSchema } from '../client-protocol.ts';
import { patternEventSchema } from '../events.ts';
import { filterSchema } from '../filter-schema.ts';
import { TIERS } from '../topics.ts';

const storedGapSchema = gapSchema.pick({ seq: true, from: true, to: true, reason: true });

/** A page of stored patterns. */
export const patternsSchema = z.object({
  /** Newest first. */
  patterns: z.array(patternEventSchema),
  metadata: z.object({
    count: z.int(),
    tier: z.enum(TIERS),
    confidence_min: z.number(),
    symbols_filter: z.array(z.string()),
    response_time_ms: z.int(),
    /** `before_seq` of the next page; null when nothing older is left. */
    next_before_seq: z.int().nullable(),
    /** Those with any time of the page's, newest first. */
    gaps: z.array(storedGapSchema),
  }),
});
export type Patterns = z.infer<typeof patternsSchema>;

/** How many of the events received lately a filter lets through. */
export const countSchema = z.object({
  tier: z.enum(TIERS),
  /** In normal form. */
  filter: filterSchema,
  minutes: z.int(),
  matching: z.int(),
  /** Events of the filter's kinds, whatever else it asks for. */
  total: z.int(),
  per_minute: z.number(),
  /** Since when they are counted. */
  since: z.string(),
  /** false: not as far back as asked, as there are more rows than one read looks at, or they are no longer kept. */
  complete: z.boolean(),
});
export type Count = z.infer<typeof countSchema>;
