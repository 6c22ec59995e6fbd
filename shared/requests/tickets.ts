import * as z from 'zod';
import { SOCKET_TOPICS } from '../topics.ts';

export const ticketsBodySchema = z.strictObject({
  topics: z.array(z.enum(SOCKET_TOPICS)).min(1).max(SOCKET_TOPICS.length),
});
