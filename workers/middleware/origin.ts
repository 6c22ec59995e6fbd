import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { Denial } from '../denial.ts';
import type { AppEnv } from './config.ts';

const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const METHODS = 'GET, HEAD, POST, PUT, DELETE';
const HEADERS = 'authorization, content-type, idempotency-key';
const EXPOSED_HEADERS = 'location, retry-after, www-authenticate';
const PREFLIGHT_SECONDS = '600';

/** Pages of the Worker's own origin and of those allowed; programs that are no browsers send no origin. */
export function isAllowedOrigin(c: Context<AppEnv>): boolean {
  const origin = c.req.header('origin');
  return !origin || origin === new URL(c.req.url).origin || c.var.config.allowedOrigins.includes(origin);
}

/** CORS: lets pages of the allowed origins read what is answered, and tells browsers nothing about any other. */
export const withCors = createMiddleware<AppEnv>(async (c, next) => {
  const origin = c.req.header('origin');
  const isPreflight = c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;
  if (isPreflight) c.res = new Response(null, { status: 204 });
  else await next();
  const { headers } = c.res;
  headers.append('vary', 'origin');
  if (!origin || !c.var.config.allowedOrigins.includes(origin)) return;
  headers.set('access-control-allow-origin', origin);
  headers.set('access-control-allow-credentials', 'true');
  headers.set('access-control-expose-headers', EXPOSED_HEADERS);
  if (!isPreflight) return;
  headers.set('access-control-allow-methods', METHODS);
  headers.set('access-control-allow-headers', HEADERS);
  headers.set('access-control-max-age', PREFLIGHT_SECONDS);
});

/**
 * A cookie comes along whatever page sends a request, so where cookies say who asks, other origins' pages change nothing.
 * @throws Denial 403 `foreign_origin`
 */
export const refuseForeignChanges = createMiddleware<AppEnv>(async (c, next) => {
  const goesByCookie = c.var.config.auth.mode === 'open';
  if (goesByCookie && !READING_METHODS.has(c.req.method) && !isAllowedOrigin(c)) {
    throw new Denial('foreign_origin', 403, 'foreign_origin', 'pages of this origin may change nothing here', 'origin');
  }
  await next();
});
