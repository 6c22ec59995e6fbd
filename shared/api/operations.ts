import * as z from 'zod';
import { type HistogramName, HUB_HISTOGRAMS } from '../hub-histograms.ts';
import { heartbeatSchema } from '../ingest-protocol.ts';
import { TOPICS } from '../topics.ts';
import { browserOperationsSchema } from './beacon.ts';
import { cumulativeHistogramSchema } from './cumulative-histogram.ts';

const count = z.int().min(0);
const epochMs = z.int().min(0);
const countBy = z.record(z.string(), count);

export const hubHistogramsSchema = z.object(
  Object.fromEntries(HUB_HISTOGRAMS.map(name => [name, cumulativeHistogramSchema])) as Record<
    HistogramName,
    typeof cumulativeHistogramSchema
  >,
);

/** Since the hub's tape began. */
export const hubCountsSchema = z.object({
  /** Events put on the tape; gaps are counted apart. */
  appended: count,
  duplicates: count,
  unmatched_outcomes: count,
  /** Progress and results of jobs that nobody here has asked for, or has any more. */
  unmatched_backtests: count,
  gaps: count,
  probes: count,
  batches: count,
  replayed_batches: count,
  flushes: count,
  frames: count,
  /** Of all frames, in UTF-8, as handed to sockets. */
  sent_bytes: count,
  /** Events handed to sessions' sockets, live; an event that three sessions got counts three. */
  deliveries: count,
  backfilled: count,
  /** Withheld because a session was short of budget, and because it read slowly. */
  rate_limited: count,
  skipped: count,
  enrichment_errors: count,
  send_errors: count,
  connections: count,
  /** By the close code that either side gave; `other` for those of a client's own invention. */
  closed: countBy,
  /** By error code that clients were told. */
  client_errors: countBy,
  /** Who was turned away, by cause. Those that were before a hub was reached are counted by the one of `system`. */
  denied: countBy,
});
export type HubCounts = z.infer<typeof hubCountsSchema>;

/** What a hub holds and has done. */
export const hubOperationsSchema = z.object({
  topic: z.enum(TOPICS),
  /** By the hub's clock. */
  at_ms: epochMs,
  epoch: z.string(),
  /** The newest seq; 0 before the first. */
  head: count,
  last_event_at_ms: epochMs.nullable(),
  /** `max_rows` are kept at most; `storage_bytes` is all that the hub stores. */
  tape: z.object({ rows: count, max_rows: count, storage_bytes: count }),
  sessions: z.object({ open: count, live: count, backfilling: count }),
  /**
   * Objects that hold the topic's sockets in this one's place: so many there are to be, have sessions, and of these gave no
   * answer; what the last have done is as they said last, and their sessions are not counted.
   */
  replicas: z.object({ configured: count, active: count, unanswered: count }),
  subscriptions: count,
  /** Unread, in all sockets. */
  queued_bytes: count,
  counts: hubCountsSchema,
  /** What `counts.appended` is made of. */
  appended_by_channel: countBy,
  /** What bridges could not read, and what no topic carries; only of the hub of `system`. */
  rejects: z.array(z.object({ channel: z.string(), reason: z.string(), count })),
  not_routed: z.array(z.object({ channel: z.string(), kind: z.string(), count })),
  /** Of routing decisions, since the hub woke. */
  cache: z.object({ hits: count, misses: count, entries: count }),
  histograms: hubHistogramsSchema,
  /** Since the newest bridge heartbeat; null when there never was one. */
  heartbeat_age_ms: z.int().nullable(),
  /** Those that have sent a heartbeat within 45 s, newest first. */
  bridges: z.array(z.object({ bridge_id: z.string(), heartbeat_at_ms: epochMs, heartbeat: heartbeatSchema })),
});
export type HubOperations = z.infer<typeof hubOperationsSchema>;

/** A hub that does not answer. */
export const hubFailureSchema = z.object({ topic: z.enum(TOPICS), error: z.string() });
export type HubFailure = z.infer<typeof hubFailureSchema>;

/** `GET /api/operations`. */
export const operationsSchema = z.object({
  generated_at: z.iso.datetime(),
  /** Upper bounds of the buckets of every histogram. */
  bounds_ms: z.array(z.number()),
  /** What pages report of their own latency; null when `system` gives no answer. */
  browsers: browserOperationsSchema.nullable(),
  hubs: z.record(z.enum(TOPICS), z.union([hubOperationsSchema, hubFailureSchema])),
});
export type Operations = z.infer<typeof operationsSchema>;
