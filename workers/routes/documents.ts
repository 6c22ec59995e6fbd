import { type Context, Hono } from 'hono';
import { changeable } from '../fetched.ts';
import type { AppEnv } from '../middleware/config.ts';

/**
 * `GET /api/docs`, `/api/openapi.json`, `/api/asyncapi.json`: files that are made when the page is built, so that it costs
 * the Worker nothing to have them.
 */
export const documents = new Hono<AppEnv>()
  .get('/docs', serveFile)
  .get('/openapi.json', serveFile)
  .get('/asyncapi.json', serveFile);

/** They lie where assets are, outside the paths that are the Worker's own. */
async function serveFile(c: Context<AppEnv>): Promise<Response> {
  const path = c.req.path.replace('/api/', '/reference/');
  return changeable(await c.env.ASSETS.fetch(new Request(new URL(path, c.req.url), c.req.raw)));
}
