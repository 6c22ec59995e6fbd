import * as z from 'zod';
import { TOPICS } from '../topics.ts';

/** How many sessions each hub sends away, or that it gave no answer. */
export const drainSchema = z.object({
  window_ms: z.int(),
  topics: z.partialRecord(z.enum(TOPICS), z.union([z.object({ sessions: z.int() }), z.object({ error: z.string() })])),
});
export type Drain = z.infer<typeof drainSchema>;
