import * as z from 'zod';
import { cumulativeHistogramSchema } from './cumulative-histogram.ts';

/** When to report again. */
export const beaconAnswerSchema = z.strictObject({ next_after_ms: z.int().min(1) });
export type BeaconAnswer = z.infer<typeof beaconAnswerSchema>;

/** What browsers have reported, since the tape of `system` began. */
export const browserOperationsSchema = z.object({
  reports: z.int().min(0),
  /** Of those, whose clocks are not known to 25 ms: what they say of receipt is left out. */
  uncertain: z.int().min(0),
  last_at_ms: z.int().min(0).nullable(),
  receipt_ms: cumulativeHistogramSchema,
  paint_ms: cumulativeHistogramSchema,
});
export type BrowserOperations = z.infer<typeof browserOperationsSchema>;
