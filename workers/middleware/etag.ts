import { etag } from 'hono/etag';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './config.ts';

const withTag = etag();

/**
 * An entity tag, and 304 without a body to whoever has what it is of. Kept answers are the caller's alone, and unless
 * the route says for how long they are asked for again each time.
 */
export const withETag = createMiddleware<AppEnv>(async (c, next) => {
  await withTag(c, async () => {
    await next();
    if (c.res.ok && !c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'private, no-cache');
  });
});
