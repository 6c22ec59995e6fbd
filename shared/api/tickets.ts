import * as z from 'zod';
import { SOCKET_TOPICS } from '../topics.ts';

/** A single-use ticket for each topic that was asked for. */
export const ticketsSchema = z.object({
  tickets: z.partialRecord(z.enum(SOCKET_TOPICS), z.string()),
  expires_in_ms: z.int(),
});
export type Tickets = z.infer<typeof ticketsSchema>;
