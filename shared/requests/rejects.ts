import * as z from 'zod';
import { REJECT_REASONS } from '../codes.ts';
import { MAX_PAGE_SIZE } from '../limits.ts';
import { wholeNumber } from './parameters.ts';

export const rejectsQuerySchema = z.strictObject({
  channel: z.string().min(1).optional(),
  reason: z.enum(REJECT_REASONS).optional(),
  limit: wholeNumber(1, MAX_PAGE_SIZE).optional(),
});
