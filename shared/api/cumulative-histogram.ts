import * as z from 'zod';

/**
 * Durations since the hub's tape began. `cumulative` has, for each of `bounds_ms`, how many were at most that, and last
 * how many there were: what one answer has more than the one before fell in between.
 */
export const cumulativeHistogramSchema = z.object({ cumulative: z.array(z.int().min(0)), sum_ms: z.number().min(0) });
export type CumulativeHistogram = z.infer<typeof cumulativeHistogramSchema>;
