import * as z from 'zod';
import { filterSchema } from '../filter-schema.ts';
import { TOPICS } from '../topics.ts';

const count = z.int().min(0);
const time = z.iso.datetime();

/** One WebSocket connection to a topic, and how it does. Of who it is no more than the user's id. */
export const sessionReportSchema = z.strictObject({
  session_id: z.string(),
  topic: z.enum(TOPICS),
  user_id: z.string(),
  guest: z.boolean(),
  opened_at: time,
  /** Its newest message or ping; after its hub has slept messages are known to a minute. */
  heard_at: time,
  /** The first of them. A filter of over 500 characters is null. */
  subscriptions: z.array(
    z.strictObject({ id: z.string(), filter: filterSchema.nullable(), group: z.string().nullable() }),
  ),
  subscriptions_total: count,
  /** The seq up to which it has been served, and how many seqs of the topic come after it. 0 behind = it is live. */
  position: count,
  behind: count,
  /** What it has not read yet. */
  queued_bytes: count,
  /** Since when the rest is counted: since it was opened, or since its hub last woke. */
  counted_since: time,
  /** Events, live; and stored ones that a subscription asked for. */
  delivered: count,
  backfilled: count,
  withheld: z.strictObject({ rate_limited: count, skipped: count }),
});
export type SessionReport = z.infer<typeof sessionReportSchema>;

/** `GET /api/sessions`. */
export const sessionsSchema = z.strictObject({
  generated_at: time,
  /** Of all hubs that answered. */
  total: count,
  /** The slowest first: by what is queued, then by how far behind, then by what was withheld. */
  sessions: z.array(sessionReportSchema),
  /** How many of `total` are left out. */
  left_out: count,
  /** Topics whose hub, or a replica of it, gave no answer. */
  missing: z.array(z.enum(TOPICS)),
});
export type Sessions = z.infer<typeof sessionsSchema>;
