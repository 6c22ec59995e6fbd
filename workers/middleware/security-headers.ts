import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './config.ts';

const FOR_EVERYTHING = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};
/** Should an answer be shown as a page, it can do nothing. */
const API_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";
const TWO_YEARS_OF_HTTPS = 'max-age=63072000';

/**
 * Headers that tell browsers to be careful. The page's own policy is in `web/public/_headers`. All are set in the answer
 * as it is: Hono's `c.header` makes another one each time.
 */
export const withSecurityHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  // An upgrade is no document.
  if (c.res.webSocket) return;
  for (const [name, value] of Object.entries(FOR_EVERYTHING)) c.res.headers.set(name, value);
});

/** What the Worker answers itself, beyond that: it is the caller's, and kept by nobody unless the route says so. */
export const withApiHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (c.res.webSocket) return;
  const { headers } = c.res;
  // The files of the page have one of their own.
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', API_CONTENT_POLICY);
  if (!(c.res.ok || c.res.status === 304) || !headers.has('cache-control')) headers.set('cache-control', 'no-store');
  if (c.var.config?.isProduction && new URL(c.req.url).protocol === 'https:') {
    headers.set('strict-transport-security', TWO_YEARS_OF_HTTPS);
  }
});
