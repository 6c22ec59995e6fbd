import * as z from 'zod';
import { GAP_REASONS } from '../codes.ts';
import { TIERS } from '../topics.ts';

const count = z.int().min(0);
const time = z.iso.datetime();

const judged = {
  topic: z.enum(TIERS),
  /** One sentence for each thing that is wrong. */
  reasons: z.array(z.string()),
  /** On the tier's channels so far; null when they cannot be had. */
  rejects: count.nullable(),
};

const answeredSchema = z.strictObject({
  ...judged,
  status: z.enum(['ok', 'degraded', 'stale']),
  head: count,
  last_event_at: time.nullable(),
  sessions: count,
  /** With a heartbeat within 45 s. */
  bridges: count,
  heartbeat_age_ms: z.number().nullable(),
  redis_latency_ms: z.number().nullable(),
  last_message_at: time.nullable(),
  last_gap: z.strictObject({ seq: count, from: time, to: time, reason: z.enum(GAP_REASONS) }).nullable(),
  gaps_24h: count,
});

const unreachableSchema = z.strictObject({ ...judged, status: z.literal('unreachable') });

export const tierHealthAnswerSchema = z.discriminatedUnion('status', [answeredSchema, unreachableSchema]);
export type TierHealthAnswer = z.infer<typeof tierHealthAnswerSchema>;

/** The answer of `GET /api/patterns/tiers/health`: of the tiers that the caller may read, the worst status first. */
export const tiersHealthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded', 'stale', 'unreachable']),
  tiers: z.partialRecord(z.enum(TIERS), tierHealthAnswerSchema),
});
export type TiersHealth = z.infer<typeof tiersHealthSchema>;
