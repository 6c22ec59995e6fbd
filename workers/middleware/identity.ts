import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { GUEST_COOKIE } from '../../shared/limits.ts';
import type { Topic } from '../../shared/topics.ts';
import { Denial } from '../denial.ts';
import type { Identity } from '../hub/sessions.ts';
import { GUEST_COOKIE_SECONDS, newGuest, readGuest } from '../identity/guest.ts';
import type { Role, TokenFault } from '../identity/token.ts';
import type { AppEnv } from './config.ts';

/** Who asks, and what they may see. */
export interface Caller extends Identity {
  role: Role;
  /** null = all. */
  topics: readonly Topic[] | null;
}

/**
 * Finds out who asks: by a bearer token where one is needed, else by a signed cookie, which a guest without one is given.
 * Nothing else that a request says of its sender counts.
 * @throws Denial 401 `bad_token` or `token_expired`, 503 `keys_unavailable`
 */
export const withIdentity = createMiddleware<AppEnv>(async (c, next) => {
  const { auth } = c.var.config;
  if (auth.mode === 'jwt') {
    const verdict = await auth.verify(c.req.header('authorization'));
    if ('fault' in verdict) throw denial(verdict.fault);
    const { userId, role, topics } = verdict.claims;
    c.set('identity', { user_id: userId, guest: false, role, topics });
    return next();
  }
  const { cookie, ...caller } = await guestOf(c);
  c.set('identity', caller);
  await next();
  if (cookie === getCookie(c, GUEST_COOKIE)) return;
  setCookie(c, GUEST_COOKIE, cookie, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: new URL(c.req.url).protocol === 'https:',
    maxAge: GUEST_COOKIE_SECONDS,
  });
});

/** The guest whom the request's cookie names, or a new one. */
export async function guestOf(c: Context<AppEnv>): Promise<Caller & { cookie: string }> {
  const { sessionSecret } = c.var.config;
  const { userId, cookie } =
    (await readGuest(getCookie(c, GUEST_COOKIE), sessionSecret)) ?? (await newGuest(sessionSecret));
  return { user_id: userId, guest: true, role: 'user', topics: null, cookie };
}

function denial(fault: TokenFault): Denial {
  if (fault === 'keys_unavailable') {
    return new Denial(fault, 503, fault, 'the keys that tokens are checked with cannot be had', undefined, {
      headers: { 'retry-after': '30' },
    });
  }
  if (fault === 'token_missing') {
    const headers = { 'www-authenticate': 'Bearer' };
    return new Denial(fault, 401, 'bad_token', 'a bearer token is needed', 'authorization', { headers });
  }
  const title = fault === 'token_expired' ? fault : 'bad_token';
  return new Denial(fault, 401, title, DETAILS[fault], 'authorization', {
    headers: { 'www-authenticate': `Bearer error="invalid_token", error_description="${DETAILS[fault]}"` },
  });
}

const DETAILS: Record<Exclude<TokenFault, 'keys_unavailable' | 'token_missing'>, string> = {
  token_too_large: 'the token is over 8 KB',
  token_malformed: 'this is not a signed JWT',
  token_algorithm: 'the algorithm is not one that is accepted here',
  token_key: 'the token names no key that is known here',
  token_signature: 'the signature is not of a key that is known here',
  token_issuer: 'the token is of another issuer',
  token_audience: 'the token is for another audience',
  token_claims: 'a claim is missing or of the wrong form: exp, sub (1-128 characters), topics (an array)',
  token_expired: 'the token has expired',
  token_not_yet_valid: 'the token is not valid yet',
};
