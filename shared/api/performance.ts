import * as z from 'zod';
import { PRIORITIES } from '../priority.ts';
import { TIERS } from '../topics.ts';

const count = z.int().min(0);

/** Of outcomes that say success or failure: how many, and the share that say success (null without any). */
const successSchema = z.strictObject({ n: count, rate: z.number().min(0).max(1).nullable() });
/** By the producer's outcomes 1, 5 and 30 days after a detection. */
const successRatesSchema = z.strictObject({ '1d': successSchema, '5d': successSchema, '30d': successSchema });
export type SuccessRates = z.infer<typeof successRatesSchema>;

const quantile = z.number().nullable();

export const tierPerformanceSchema = z.strictObject({
  /** Of the newest so many patterns on the tape. */
  patterns: count,
  /** The most frequent first. `count` 0: there are outcomes of it, and none of these patterns. */
  by_pattern_type: z.array(z.strictObject({ pattern_type: z.string(), count, success: successRatesSchema.nullable() })),
  /** Count per tenth of confidence, from [0, .1) to [.9, 1]. */
  confidence_distribution: z.array(count).length(10),
  by_priority: z.partialRecord(z.enum(PRIORITIES), count),
  /** Patterns received per minute in the last hour, or in as much of it as the newest rows reach back. */
  per_minute: z.number().min(0),
  /** Of events that a session was sent since `since` and whose producer said when; null without any, and over an hour. */
  detection_to_delivery_ms: z.strictObject({
    since: z.iso.datetime(),
    n: count,
    p50: quantile,
    p95: quantile,
    p99: quantile,
  }),
  success: successRatesSchema,
});
export type TierPerformance = z.infer<typeof tierPerformanceSchema>;

/** The answer of `GET /api/patterns/performance`: of the tiers that the caller may read. */
export const performanceSchema = z.strictObject({
  generated_at: z.iso.datetime(),
  tiers: z.partialRecord(z.enum(TIERS), z.union([tierPerformanceSchema, z.strictObject({ error: z.string() })])),
});
export type Performance = z.infer<typeof performanceSchema>;
