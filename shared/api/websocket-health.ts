import * as z from 'zod';
import { TOPICS } from '../topics.ts';
import { hubCountsSchema, hubFailureSchema, hubHistogramsSchema } from './operations.ts';

const count = z.int().min(0);

/** Of durations in milliseconds: each quantile is the upper bound of its bucket; null without any, and off the scale. */
const summarySchema = z.object({
  n: count,
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
const histogramNames = hubHistogramsSchema.keyof();

/** What a hub has done and holds; counts are since its tape began, the cache's since it last woke. */
export const hubStatsSchema = z.object({
  topic: z.enum(TOPICS),
  sessions: count,
  live_sessions: count,
  backfilling_sessions: count,
  subscriptions: count,
  queued_bytes: count,
  ...hubCountsSchema.shape,
  cache: z.object({ hits: count, misses: count, hit_rate: z.number().nullable(), entries: count }),
  latency: z.record(histogramNames, summarySchema),
});
export type HubStats = z.infer<typeof hubStatsSchema>;

/** `GET /api/websocket/health`. */
export const websocketHealthSchema = z.object({
  generated_at: z.iso.datetime(),
  hubs: z.record(z.enum(TOPICS), z.union([hubStatsSchema, hubFailureSchema])),
});
export type WebsocketHealth = z.infer<typeof websocketHealthSchema>;
