import * as z from 'zod';
import { GAP_REASONS, REJECT_REASONS } from './codes.ts';
import { ingestEventSchema } from './events.ts';
import { MAX_BATCH_EVENTS, MAX_BATCH_REJECTS } from './limits.ts';
import { TOPICS, type Topic } from './topics.ts';

/**
 * `x-tickstock-signature: t=<epoch ms>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, made anew at each try. The same code
 * point order on both sides: the body is signed as the bytes that are sent.
 */
export const SIGNATURE_HEADER = 'x-tickstock-signature';
const signaturePattern = /^t=(\d{1,16}),v1=([0-9a-f]{64})$/;

export function formatSignature(atMs: number, hex: string): string {
  return `t=${atMs},v1=${hex}`;
}

/** null when the header is absent or not of the form. */
export function parseSignature(header: string | null | undefined): { atMs: number; hex: string } | null {
  const found = signaturePattern.exec(header ?? '');
  return found && { atMs: Number(found[1]), hex: found[2]! };
}

/** The id of one start of a bridge; `name` is the operator's, `start` and `random` (8 hex digits) tell its starts apart. */
export function bridgeIdOf(name: string, start: number, random: string): string {
  return `${name}-${start.toString(36)}-${random}`;
}

/** The name in such an id; null when it is of another form. */
export function bridgeNameOf(bridgeId: string): string | null {
  return /^(.+)-[0-9a-z]+-[0-9a-f]{8}$/.exec(bridgeId)?.[1] ?? null;
}

/** What a date can be: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const epochMs = z.int().min(0).max(8.64e15);
const count = z.int().min(0);

/** A message that could not be read: `sample` is its first 2 KB. */
export const rejectSchema = z.strictObject({
  channel: z.string().max(200),
  reason: z.enum(REJECT_REASONS),
  sample: z.string(),
  at: z.string(),
});
export type Reject = z.infer<typeof rejectSchema>;

/** Since when this Redis subscription has stood unbroken, and up to when all it received is in this batch or before. */
export const coversSchema = z.strictObject({ from_ms: epochMs, to_ms: epochMs });
export type Covers = z.infer<typeof coversSchema>;

/** A time whose events the bridge knows to be lost. */
export const ingestGapSchema = z.strictObject({ from_ms: epochMs, to_ms: epochMs, reason: z.enum(GAP_REASONS) });
export type IngestGap = z.infer<typeof ingestGapSchema>;

/** The bridge's own state, posted every `HEARTBEAT_MS`. */
export const heartbeatSchema = z.strictObject({
  at_ms: epochMs,
  redis_connected: z.boolean(),
  /** Round trip of the last check; null before the first. */
  redis_latency_ms: z.number().min(0).nullable(),
  /** Channels that PUBSUB NUMSUB shows us on, of those the bridge wants. */
  channels_subscribed: count,
  channels_wanted: count,
  /** When the newest message of any channel came in; null before the first. */
  last_message_at_ms: epochMs.nullable(),
  /** Why the bridge calls itself degraded; empty when it does not. */
  reasons: z.array(z.string().max(300)).max(20),
});
export type BridgeHeartbeat = z.infer<typeof heartbeatSchema>;

/** What is counted and not carried, since the batch before: more rejects than fit, kinds with no topic yet, probes. */
export const ingestCountsSchema = z.strictObject({
  rejected: z.array(z.strictObject({ channel: z.string().max(200), reason: z.enum(REJECT_REASONS), count })).max(500),
  not_routed: z.array(z.strictObject({ channel: z.string().max(200), kind: z.string().max(100), count })).max(500),
  probes: count,
});
export type IngestCounts = z.infer<typeof ingestCountsSchema>;

/** One POST /ingest. */
export const ingestBatchSchema = z.strictObject({
  /** New at each start of a bridge. */
  bridge_id: z.string().min(1).max(100),
  /** Rises per topic; one not above the last seen of that bridge has no effect. */
  batch_id: z.int().min(1),
  /** The lane's topic. Absent: events go where their kind and tier say, and everything else to every hub. */
  topic: z.enum(TOPICS).optional(),
  sent_at_ms: epochMs,
  covers: coversSchema.nullable(),
  events: z.array(ingestEventSchema).max(MAX_BATCH_EVENTS),
  rejects: z.array(rejectSchema).max(MAX_BATCH_REJECTS),
  gaps: z.array(ingestGapSchema).max(100),
  heartbeat: heartbeatSchema.optional(),
  counts: ingestCountsSchema.optional(),
});
export type IngestBatch = z.infer<typeof ingestBatchSchema>;

/** What a hub answers to a batch that it has on its tape; `head` is the newest seq there. */
export interface HubAnswer {
  accepted: number;
  duplicates: number;
  head: number;
}

/** What became of a batch at one topic. */
export type TopicAnswer = HubAnswer | { error: string; retry: boolean };

/** The body of a 200. A topic with an `error` may have taken the batch or not: posted again, it is taken once. */
export interface IngestAnswer {
  server_at_ms: number;
  topics: Partial<Record<Topic, TopicAnswer>>;
}
