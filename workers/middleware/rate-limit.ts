import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { Denial } from '../denial.ts';
import { neighbourhoodOf } from '../identity/address.ts';
import type { AppEnv } from './config.ts';

/** The period of the limits in wrangler.toml. */
const PERIOD_SECONDS = 60;

/**
 * Where a request comes from, for limits: only what Cloudflare says, which overwrites what a client claims. null = from
 * this machine, or not through Cloudflare: nobody to limit.
 */
export function addressOf(c: Context<AppEnv>): string | null {
  return neighbourhoodOf(c.req.header('cf-connecting-ip'));
}

/**
 * The limit of an address. Comes before identity: tokens that are tried out are limited too.
 * @throws Denial 429 with `retry-after`
 */
export const limitAddress = createMiddleware<AppEnv>(async (c, next) => {
  const address = addressOf(c);
  if (address !== null) await take(c, 'rate_limited_address', `address ${address}`);
  await next();
});

/**
 * The limit of a user. A guest is whoever throws the cookie away, and has the address's limit only.
 * @throws Denial 429 with `retry-after`
 */
export const limitUser = createMiddleware<AppEnv>(async (c, next) => {
  const { guest, user_id } = c.var.identity;
  if (!guest && addressOf(c) !== null) await take(c, 'rate_limited_user', `user ${user_id}`);
  await next();
});

async function take(
  c: Context<AppEnv>,
  cause: 'rate_limited_address' | 'rate_limited_user',
  key: string,
): Promise<void> {
  const limiter = c.req.path === '/api/tickets' ? c.env.TICKET_LIMIT : c.env.API_LIMIT;
  const { success } = await limiter.limit({ key });
  if (success) return;
  throw new Denial(cause, 429, 'rate_limited', 'too many requests; come back later', undefined, {
    headers: { 'retry-after': String(PERIOD_SECONDS) },
  });
}
