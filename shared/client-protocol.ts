import * as z from 'zod';
import { ERROR_CODES, GAP_REASONS } from './codes.ts';
import { eventSchema } from './events.ts';
import { filterSchema } from './filter-schema.ts';
import { MAX_ID_LENGTH, MAX_SNAPSHOT } from './limits.ts';
import { TOPICS } from './topics.ts';

const id = z.string().min(1).max(MAX_ID_LENGTH);
const seq = z.int().min(0);
const epochMs = z.int().min(0);

/** A place on a tape: `epoch` names the tape's incarnation, `seq` the last event that was seen. */
export const positionSchema = z.strictObject({ epoch: z.string().max(100), seq });
export type Position = z.infer<typeof positionSchema>;

/** Client to server. Strict: a misspelt field is an error, not a subscription to everything. */
export const subscribeSchema = z.strictObject({
  type: z.literal('subscribe'),
  id,
  filter: filterSchema.optional(),
  /** The newest so many stored events that match. */
  snapshot: z.int().min(0).max(MAX_SNAPSHOT).optional(),
  /** Everything after this position that matches; wins over `snapshot` while it can be honoured. */
  resume: positionSchema.optional(),
  /** Sessions that name the same group share its events, each event to one of them. Not with resume or snapshot. */
  group: id.optional(),
});
export type Subscribe = z.infer<typeof subscribeSchema>;
export const unsubscribeSchema = z.strictObject({ type: z.literal('unsubscribe'), id });
export const clientMessageSchema = z.discriminatedUnion('type', [subscribeSchema, unsubscribeSchema]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** Plain text frames that the runtime answers without waking the hub. */
export const PING = 'ping';
export const PONG = 'pong';

export const helloSchema = z.object({
  type: z.literal('hello'),
  protocol: z.int(),
  topic: z.enum(TOPICS),
  session_id: z.string(),
  epoch: z.string(),
  head: seq,
  /** Least seq on the tape; head + 1 when the tape is empty. */
  oldest: seq,
  heartbeat_ms: z.int(),
  limits: z.object({
    events_per_second: z.int(),
    messages_per_second: z.int(),
    message_burst: z.int(),
    max_subscriptions: z.int(),
    max_filter_values: z.int(),
    max_filter_bytes: z.int(),
    max_message_bytes: z.int(),
  }),
  identity: z.object({ user_id: z.string(), guest: z.boolean() }),
  server_at_ms: epochMs,
});
export const subscribedSchema = z.object({
  type: z.literal('subscribed'),
  id,
  filter: filterSchema,
  position: positionSchema,
  /** null when no resume was asked; false when it cannot be honoured. */
  recovered: z.boolean().nullable(),
});
export const unsubscribedSchema = z.object({ type: z.literal('unsubscribed'), id });
const withheldSchema = z.object({ from: seq, to: seq, rate_limited: z.int(), skipped: z.int() });
export type Withheld = z.infer<typeof withheldSchema>;
export const liveFrameSchema = z.object({
  type: z.literal('events'),
  epoch: z.string(),
  head: seq,
  events: z.array(eventSchema),
  withheld: withheldSchema.optional(),
});
export const replayFrameSchema = liveFrameSchema
  .omit({ withheld: true })
  .extend({ replay: z.literal(true), id, done: z.boolean() });
export const gapSchema = z.object({
  type: z.literal('gap'),
  epoch: z.string(),
  seq,
  from: z.string(),
  to: z.string(),
  reason: z.enum(GAP_REASONS),
});
export const heartbeatFrameSchema = z.object({
  type: z.literal('heartbeat'),
  head: seq,
  /** When the hub got its newest event; null on an empty tape. */
  last_event_at: z.string().nullable(),
  bridge_at_ms: epochMs,
  bridges: z.int(),
  server_at_ms: epochMs,
});
export const errorSchema = z.object({
  type: z.literal('error'),
  id: z.string().optional(),
  code: z.enum(ERROR_CODES),
  message: z.string(),
  retryable: z.boolean(),
});
export const drainingSchema = z.object({ type: z.literal('draining'), retry_after_ms: z.int() });

/** Server to client. */
export const serverMessageSchema = z.union([
  helloSchema,
  subscribedSchema,
  unsubscribedSchema,
  replayFrameSchema,
  liveFrameSchema,
  gapSchema,
  heartbeatFrameSchema,
  errorSchema,
  drainingSchema,
]);
export type Hello = z.infer<typeof helloSchema>;
export type Subscribed = z.infer<typeof subscribedSchema>;
export type LiveFrame = z.infer<typeof liveFrameSchema>;
export type ReplayFrame = z.infer<typeof replayFrameSchema>;
export type Gap = z.infer<typeof gapSchema>;
export type HeartbeatFrame = z.infer<typeof heartbeatFrameSchema>;
export type ErrorFrame = z.infer<typeof errorSchema>;
export type ServerMessage = z.infer<typeof serverMessageSchema>;
