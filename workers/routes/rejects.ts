import { Hono } from 'hono';
import * as z from 'zod';
import { REJECT_REASONS } from '../../shared/codes.ts';
import { MAX_PAGE_SIZE } from '../../shared/limits.ts';
import { requiredOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readQuery, wholeNumber } from './parameters.ts';

const querySchema = z.strictObject({
  channel: z.string().min(1).optional(),
  reason: z.enum(REJECT_REASONS).optional(),
  limit: wholeNumber(1, MAX_PAGE_SIZE).optional(),
});

/** `GET /api/rejects`: the newest messages that could not be read, and counts of all of them and of what is not routed. */
export const rejects = new Hono<AppEnv>().get('/', async c => {
  const { limit = 50, ...query } = readQuery(c, querySchema);
  return c.json(await requiredOf(rootHub(c.env, 'system').readRefusals({ ...query, limit })));
});
