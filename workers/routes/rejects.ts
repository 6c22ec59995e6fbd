import { Hono } from 'hono';
import type { Rejects } from '../../shared/api/rejects.ts';
import { rejectsQuerySchema } from '../../shared/requests/rejects.ts';
import { requiredOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readQuery } from './parameters.ts';

/** `GET /api/rejects`: the newest messages that could not be read, and counts of all of them and of what is not routed. */
export const rejects = new Hono<AppEnv>().get('/', async c => {
  const { limit = 50, ...query } = readQuery(c, rejectsQuerySchema);
  return c.json(await requiredOf<Rejects>(rootHub(c.env, 'system').readRefusals({ ...query, limit })));
});
