import * as z from 'zod';
import { EVENT_KINDS } from '../events.ts';
import { HOPS } from '../hops.ts';
import { PRIORITIES } from '../priority.ts';
import { TOPICS } from '../topics.ts';

const count = z.int().min(0);
const epochMs = z.int().min(0);

/** A step of an event's way, and how long it took from the one before; less than nothing when two clocks differ. */
export const hopSchema = z.object({ hop: z.enum(HOPS), at_ms: z.number(), took_ms: z.number().nullable() });

/** What routing decided, as it is stored with the event. */
export const routingSchema = z.object({
  /** The ids of the rules that held, in order; null = stored before that was kept. */
  rules: z.array(z.string()).nullable(),
  /** It goes to every session of the topic, whatever it subscribed to. */
  broadcast_all: z.boolean(),
  /** It did not wait for the flush window; null = stored before that was kept. */
  priority_first: z.boolean().nullable(),
  /** Sessions of one group share it: one of them gets it. */
  load_balanced: z.boolean(),
  /** null = events of this kind have none. */
  priority: z.enum(PRIORITIES).nullable(),
});

/** What became of an event in its flush; numbers of sessions, but for the time. */
export const deliverySchema = z.object({
  flushed_at_ms: epochMs,
  /** That were live then, and that were catching up: those get what is theirs from the tape. */
  live_sessions: count,
  behind_sessions: count,
  /** Live ones that were to get it, and those of them that were handed it. */
  matching_sessions: count,
  sent_sessions: count,
  /** That were told of it as withheld, by reason. */
  withheld: z.object({ rate_limited: count, skipped: count }),
  /** That were closed instead: they read far too slowly, or could not be sent to. */
  closed_sessions: count,
});
export type ToldDelivery = z.infer<typeof deliverySchema>;

export const traceSchema = z.object({
  topic: z.enum(TOPICS),
  epoch: z.string(),
  seq: z.int().min(1),
  kind: z.enum(EVENT_KINDS),
  channel: z.string(),
  shape: z.string(),
  source: z.string(),
  /** Which start of a bridge posted it, and in which of its batches; null = stored before that was kept. */
  bridge_id: z.string().nullable(),
  batch_id: z.int().nullable(),
  routing: routingSchema,
  hops: z.array(hopSchema),
  /** null = not known: not yet flushed, not among the newest 10,000, or the hub has slept or been restarted since. */
  delivery: deliverySchema.nullable(),
  /** How often it came again since it was stored, and the last time; null = not known, as `delivery`. */
  duplicates: z
    .object({
      count,
      last: z.object({ bridge_id: z.string(), batch_id: z.int(), channel: z.string(), at_ms: epochMs }).nullable(),
    })
    .nullable(),
});
export type Trace = z.infer<typeof traceSchema>;

/** `GET /api/trace/{id}`: where an event is and how it came there. An outcome may be on several topics' tapes. */
export const tracesSchema = z.object({
  id: z.string(),
  traces: z.array(traceSchema).min(1),
  /** Topics whose hub gave no answer. */
  missing: z.array(z.enum(TOPICS)),
});
export type Traces = z.infer<typeof tracesSchema>;
