import * as z from 'zod';
import { DRAIN_WINDOW_MS } from '../limits.ts';

export const drainBodySchema = z.strictObject({
  window_ms: z.int().min(DRAIN_WINDOW_MS.least).max(DRAIN_WINDOW_MS.most).default(DRAIN_WINDOW_MS.default),
});
