import * as z from 'zod';
import { UNROUTED_KINDS } from './channels.ts';
import { GAP_REASONS, REJECT_REASONS } from './codes.ts';
import { INGEST_KINDS, ingestEventSchema } from './events.ts';
import { MAX_BATCH_EVENTS, MAX_BATCH_REJECTS, MAX_LISTENED_CHANNELS } from './limits.ts';
import { TIERS, TOPICS } from './topics.ts';

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

const bridgeIdPattern = /^(.+)-([0-9a-z]+)-[0-9a-f]{8}$/;

/** The name in such an id; null when it is of another form. */
export function bridgeNameOf(bridgeId: string): string | null {
  return bridgeIdPattern.exec(bridgeId)?.[1] ?? null;
}

/** The start in such an id; 0 when it is of another form. */
export function bridgeStartOf(bridgeId: string): number {
  return Number.parseInt(bridgeIdPattern.exec(bridgeId)?.[2] ?? '0', 36);
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

/** What a bridge has heard on a channel, or in a stream, since it started. */
export const heardChannelSchema = z.strictObject({
  channel: z.string().min(1).max(200),
  /** What it carries when its messages do not say so themselves, and of patterns the tier; null: it has none. */
  kind: z.enum([...INGEST_KINDS, ...UNROUTED_KINDS]),
  tier: z.enum(TIERS).nullable(),
  /** Whether Redis has confirmed our subscription; null for a stream, to which nobody subscribes. */
  subscribed: z.boolean().nullable(),
  /** Whom PUBSUB NUMSUB counted last, ourselves among them; null while that is not known. */
  subscribers: count.nullable(),
  messages: count,
  /** By the bridge's clock; null before the first. */
  last_message_at_ms: epochMs.nullable(),
  /** The wire shapes of the events read there. */
  shapes: z.array(z.string().min(1).max(50)).max(20),
  /** What became of the messages, each of which may hold several. */
  events: count,
  rejects: count,
});
export type HeardChannel = z.infer<typeof heardChannelSchema>;

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
  /** Every channel and stream it listens to; only with topic `system`. */
  channels: z.array(heardChannelSchema).max(MAX_LISTENED_CHANNELS).optional(),
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
  /** When this try was sent. */
  sent_at_ms: epochMs,
  /** How far the Worker's clock is ahead of the bridge's at least, by its answers; absent before the first of them. */
  worker_ahead_ms: z.int().optional(),
  covers: coversSchema.nullable(),
  events: z.array(ingestEventSchema).max(MAX_BATCH_EVENTS),
  rejects: z.array(rejectSchema).max(MAX_BATCH_REJECTS),
  gaps: z.array(ingestGapSchema).max(100),
  heartbeat: heartbeatSchema.optional(),
  counts: ingestCountsSchema.optional(),
});
export type IngestBatch = z.infer<typeof ingestBatchSchema>;
