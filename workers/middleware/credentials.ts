import { createMiddleware } from 'hono/factory';
import { Denial } from '../denial.ts';
import type { AppEnv } from './config.ts';

const NEVER_IN_URLS = new Set(['access_token', 'token', 'ticket']);

/**
 * URLs end up in logs and histories: who sends a credential in one is to learn it at once, and not by others using it.
 * @throws Denial 400 `credentials_in_url`; it does not repeat the value
 */
export const refuseCredentialsInUrls = createMiddleware<AppEnv>(async (c, next) => {
  for (const name of new URL(c.req.url).searchParams.keys()) {
    if (!NEVER_IN_URLS.has(name.toLowerCase())) continue;
    throw new Denial(
      'credentials_in_url',
      400,
      'credentials_in_url',
      'tokens go into the authorization header, tickets into the subprotocol; replace the one that was sent here',
      name,
    );
  }
  await next();
});
