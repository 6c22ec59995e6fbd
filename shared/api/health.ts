import * as z from 'zod';
import { PROTOCOL_VERSION } from '../limits.ts';

/** `GET /api/health`. */
export const livenessSchema = z.object({
  status: z.literal('ok'),
  protocol: z.literal(PROTOCOL_VERSION),
  /** What `npm run deploy` deployed: Cloudflare's id of it, and the commit; null where nothing was deployed that way. */
  version: z.object({ id: z.string(), commit: z.string() }).nullable(),
  server_at_ms: z.int(),
});
export type Liveness = z.infer<typeof livenessSchema>;
