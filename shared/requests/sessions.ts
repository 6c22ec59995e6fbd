import * as z from 'zod';
import { MAX_PAGE_SIZE } from '../limits.ts';
import { TOPICS } from '../topics.ts';
import { wholeNumber } from './parameters.ts';

/** The parameters of `GET /api/sessions`. */
export const sessionsQuerySchema = z.strictObject({
  topic: z.enum(TOPICS).optional(),
  limit: wholeNumber(1, MAX_PAGE_SIZE).optional(),
});
