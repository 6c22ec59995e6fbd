import * as z from 'zod';
import { positionSchema } from '../client-protocol.ts';
import { GAP_REASONS } from '../codes.ts';
import { eventSchema } from '../events.ts';
import { EXPLAIN_CODES } from '../explain-codes.ts';
import { filterSchema } from '../filter-schema.ts';
import { FILTER_CLAUSES } from '../judge.ts';
import { TOPICS } from '../topics.ts';
import { deliverySchema, hopSchema, routingSchema } from './trace.ts';

const count = z.int().min(0);

export const judgedClauseSchema = z.object({
  clause: z.enum(FILTER_CLAUSES),
  /** null = the filter does not ask about it. */
  wants: z.union([z.array(z.string()), z.number(), z.string()]).nullable(),
  /** null = the event has none. */
  event_has: z.union([z.string(), z.number()]).nullable(),
  holds: z.boolean(),
});

const judgedSubscriptionSchema = z.object({
  /** Its id in the session; null = it is the filter of the request. */
  id: z.string().nullable(),
  /** In normal form. */
  filter: filterSchema,
  group: z.string().nullable(),
  /** It is for what came after this seq, and for what it asked for as a snapshot; null for the filter of a request. */
  since: z.int().min(0).nullable(),
  clauses: z.array(judgedClauseSchema),
  matches: z.boolean(),
});

/** `text` is a sentence for people. */
const noteSchema = z.object({ code: z.enum(EXPLAIN_CODES), text: z.string() });
export type ExplainNote = z.infer<typeof noteSchema>;

const withheldRangeSchema = z.object({ from: count, to: count, rate_limited: count, skipped: count });

const explainedSessionSchema = z.object({
  session_id: z.string(),
  user_id: z.string(),
  guest: z.boolean(),
  /** The newest seq when it connected. */
  since: count,
  /** `behind`: it gets backfills, or catches up after them, and nothing live. */
  state: z.enum(['live', 'behind']),
  /** Up to where it has been sent, or told of, all that is for it. */
  position: positionSchema,
  /** What it is being sent from the tape, per subscription: up to which seq, and how far it is. */
  backfills: z.array(z.object({ subscription: z.string(), reached: count, until: count })),
  /** For how long it could not be sent anything because it does not read; null = it can. */
  blocked_ms: count.nullable(),
  buffered_bytes: count,
  reader: z.enum(['keeps_up', 'thinned', 'too_slow']),
  /** 0 = no limit. */
  events_per_second: count,
  /** What it was told of as withheld, where the event's seq lies in the range: of its newest 16. */
  withheld: z.array(withheldRangeSchema),
});

/** `GET /api/explain`: why an event on the tape was, or was not, for a filter or a session. */
export const explanationSchema = z.object({
  topic: z.enum(TOPICS),
  epoch: z.string(),
  event: eventSchema,
  /** The filter of the request, or all subscriptions of the session. */
  subscriptions: z.array(judgedSubscriptionSchema),
  /** Whether any of them lets the event through. */
  matches: z.boolean(),
  routing: routingSchema,
  hops: z.array(hopSchema),
  /** null = not known; `notes` says why. */
  delivery: deliverySchema.nullable(),
  session: explainedSessionSchema.nullable(),
  /** By the hub's clock. */
  explained_at_ms: z.int().min(0),
  notes: z.array(noteSchema),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** Why there is no such event, as the 404 tells it besides the members of every problem. */
export const missingEventSchema = z.object({
  /** `ahead`: the tape does not reach there yet. `expired`: the tape begins later. `gap`: in its place stands a gap. */
  why: z.enum(['ahead', 'expired', 'gap', 'unknown']),
  head: count,
  oldest: z.int().min(1),
  /** When the oldest row came in; null while there is none. */
  oldest_received_at: z.string().nullable(),
  /** For a seq with a gap in its place that one; for an id that names its time those with it; else the newest. */
  gaps: z.array(z.object({ seq: z.int().min(1), from: z.string(), to: z.string(), reason: z.enum(GAP_REASONS) })),
});
export type MissingEvent = z.infer<typeof missingEventSchema>;
