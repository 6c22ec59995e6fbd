import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../workers/env.ts';
import { eventually } from '../support/eventually.ts';
import { AUDIENCE, bearer, denied, ISSUER, jwtEnv, nowSeconds, request, resetHubs, token } from './support/jwt.ts';

afterEach(async () => {
  vi.restoreAllMocks();
  await resetHubs();
});

const PATH = '/api/patterns/daily';

async function withToken(text: string, edgeEnv: Env = jwtEnv): Promise<Response> {
  return request(PATH, { headers: { authorization: `Bearer ${text}` } }, edgeEnv);
}

function unsigned(header: object, payload: object): string {
  const encode = (part: object) => btoa(JSON.stringify(part)).replaceAll('=', '');
  return `${encode(header)}.${encode(payload)}.`;
}

const good = { sub: 'ann', iss: ISSUER, aud: AUDIENCE, exp: nowSeconds() + 3_600 };

describe('a bearer token', () => {
  it('lets its bearer in, and so it does within 30 seconds of clock skew', async () => {
    expect((await withToken(await token())).status).toBe(200);
    expect((await withToken(await token({ exp: nowSeconds() - 20 }))).status).toBe(200);
    expect((await withToken(await token({ nbf: nowSeconds() + 20 }))).status).toBe(200);
    expect((await withToken(await token({ aud: ['other', 'tickstock'] }))).status).toBe(200);
  });

  for (const [name, make, title, cause] of [
    ['that expired', () => token({ exp: nowSeconds() - 60 }), 'token_expired', 'token_expired'],
    ['that never expires', () => token({ exp: undefined }), 'bad_token', 'token_claims'],
    ['that is not valid yet', () => token({ nbf: nowSeconds() + 60 }), 'bad_token', 'token_not_yet_valid'],
    ['of another issuer', () => token({ iss: 'https://evil.test' }), 'bad_token', 'token_issuer'],
    ['for another audience', () => token({ aud: 'other' }), 'bad_token', 'token_audience'],
    ['without a subject', () => token({ sub: undefined }), 'bad_token', 'token_claims'],
    ['with an empty subject', () => token({ sub: '' }), 'bad_token', 'token_claims'],
    ['with a subject of 129 characters', () => token({ sub: 'x'.repeat(129) }), 'bad_token', 'token_claims'],
    ['with a subject of several lines', () => token({ sub: 'ann\nbob' }), 'bad_token', 'token_claims'],
    ['whose topics are no list', () => token({ topics: 'daily' }), 'bad_token', 'token_claims'],
    [
      'with another key',
      () => token({}, { secret: 'another-secret-another-secret-another' }),
      'bad_token',
      'token_signature',
    ],
    ['with a longer hash', () => token({}, { alg: 'HS512' }), 'bad_token', 'token_algorithm'],
    ['that nobody signed', () => unsigned({ alg: 'none' }, good), 'bad_token', 'token_algorithm'],
    ['over 8 KB', () => token({ fill: 'x'.repeat(9_000) }), 'bad_token', 'token_too_large'],
    ['that is no JWT', () => 'abc', 'bad_token', 'token_malformed'],
    ['of three parts that mean nothing', () => 'a.b.c', 'bad_token', 'token_malformed'],
  ] as const) {
    it(`${name} is 401 ${title}, counted as ${cause}`, async () => {
      const response = await withToken(await make());
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ title, field: 'authorization' });
      await eventually(async () => expect(await denied(cause)).toBe(1));
    });
  }

  it('signed by a private key is refused where a shared secret is expected, whatever its header names', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const signed = await new SignJWT(good).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    expect(await (await withToken(signed)).json()).toMatchObject({ title: 'bad_token' });
  });

  it('is needed, and neither a cookie, a header nor another scheme takes its place', async () => {
    const guest = (await request(PATH, {}, { ...jwtEnv, AUTH_MODE: 'open' })).headers.get('set-cookie')!.split(';')[0]!;
    for (const headers of [
      {},
      { cookie: guest },
      { authorization: 'Basic YW5uOnB3' },
      { 'x-user-id': 'ann', 'x-forwarded-user': 'ann', 'cf-access-authenticated-user-email': 'ann@edge.test' },
    ]) {
      const response = await request(PATH, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });

  it('is not needed to learn that the Worker lives', async () => {
    expect((await request('/api/health')).status).toBe(200);
  });

  it('is needed for routes that do not exist too', async () => {
    expect((await request('/api/nothing')).status).toBe(401);
    expect((await request('/api/nothing', { headers: await bearer() })).status).toBe(404);
  });
});

describe('keys that are fetched', () => {
  const keysEnv = (url: string): Env => ({ ...jwtEnv, JWT_SECRET: '', JWT_JWKS_URL: url });

  async function keyPair(kid: string) {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
    const sign = () => new SignJWT(good).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
    return { jwk, sign };
  }

  it('are fetched once, and let in whom they have signed', async () => {
    const { jwk, sign } = await keyPair('a');
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json({ keys: [jwk] }));
    const edgeEnv = keysEnv('https://issuer.test/jwks');
    for (let time = 0; time < 3; time++) expect((await withToken(await sign(), edgeEnv)).status).toBe(200);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('do not let in whom another key has signed, nor whom a shared secret has', async () => {
    const [known, unknown, impostor] = [await keyPair('a'), await keyPair('b'), await keyPair('a')];
    const secret = { kty: 'oct', k: btoa('x'.repeat(32)).replaceAll('=', ''), kid: 's', alg: 'HS256' };
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json({ keys: [known.jwk, secret] }));
    const edgeEnv = keysEnv('https://issuer.test/jwks');
    const hs256 = await new SignJWT(good)
      .setProtectedHeader({ alg: 'HS256', kid: 's' })
      .sign(new TextEncoder().encode('x'.repeat(32)));
    for (const [signed, cause] of [
      [await unknown.sign(), 'token_key'],
      [await impostor.sign(), 'token_signature'],
      [hs256, 'token_algorithm'],
    ] as const) {
      expect((await withToken(signed, edgeEnv)).status).toBe(401);
      await eventually(async () => expect(await denied(cause)).toBe(1));
    }
  });

  it('are asked for again a while after they could not be had, and then let people in', async () => {
    const { jwk, sign } = await keyPair('a');
    const fetched = vi.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('connection refused'));
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const edgeEnv = keysEnv('https://issuer.test/jwks');
    const signed = await sign();
    expect((await withToken(signed, edgeEnv)).status).toBe(503);
    fetched.mockImplementation(async () => Response.json({ keys: [jwk] }));
    vi.setSystemTime(Date.now() + 6_000);
    try {
      expect((await withToken(signed, edgeEnv)).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  for (const [name, answer] of [
    ['cannot be reached', () => Promise.reject(new TypeError('connection refused'))],
    ['answer 500', async () => new Response('no', { status: 500 })],
    ['are no key set', async () => Response.json({ nothing: true })],
  ] as const) {
    it(`that ${name} are 503, not the bearer's fault`, async () => {
      const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(answer);
      vi.spyOn(console, 'error').mockImplementation(() => undefined);
      const { sign } = await keyPair('a');
      const edgeEnv = keysEnv('https://issuer.test/jwks');
      const response = await withToken(await sign(), edgeEnv);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ title: 'keys_unavailable' });
      expect((await withToken(await sign(), edgeEnv)).status).toBe(503);
      expect(fetched).toHaveBeenCalledTimes(1);
      await eventually(async () => expect(await denied('keys_unavailable')).toBe(2));
    });
  }
});

describe('what a token is for', () => {
  const ADMIN_ONLY = ['/api/channels', '/api/operations', '/api/rejects', '/api/sessions', '/api/websocket/health'];
  const RESERVED = ['/api/explain', '/api/trace/x', '/metrics'];

  it('obeys its topics', async () => {
    const headers = await bearer({ topics: ['daily', 'unheard_of'] });
    expect((await request('/api/patterns/daily', { headers })).status).toBe(200);
    expect((await request('/api/patterns/daily/count', { headers })).status).toBe(200);
    for (const path of ['/api/patterns/combo', '/api/patterns/intraday/count', '/api/patterns/%63ombo']) {
      const response = await request(path, { headers });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ title: 'forbidden_topic' });
    }
    await eventually(async () => expect(await denied('forbidden_topic')).toBe(3));
  });

  it('shows of what concerns all tiers those of its topics only', async () => {
    const headers = await bearer({ topics: ['daily', 'system'] });
    for (const path of ['/api/patterns/performance', '/api/patterns/tiers/health']) {
      const body = await (await request(path, { headers })).json<{ tiers: object }>();
      expect(Object.keys(body.tiers)).toEqual(['daily']);
    }
    const none = await bearer({ topics: [] });
    for (const path of [
      '/api/patterns/performance',
      '/api/patterns/tiers/health',
      '/api/symbols',
      '/api/pattern-types',
    ]) {
      expect((await request(path, { headers: none })).status).toBe(403);
    }
  });

  it('opens what is for operators with the role admin only', async () => {
    const [user, admin] = [await bearer({ role: 'root' }), await bearer({ role: 'admin' })];
    for (const path of [...ADMIN_ONLY, ...RESERVED]) {
      const response = await request(path, { headers: user });
      expect([path, response.status]).toEqual([path, 403]);
      expect(await response.json()).toMatchObject({ title: 'admin_only' });
    }
    for (const path of ADMIN_ONLY) expect((await request(path, { headers: admin })).status).toBe(200);
    const drain = async (headers: Record<string, string>) =>
      (await request('/api/admin/drain', { method: 'POST', headers })).status;
    expect([await drain({}), await drain(user), await drain(admin)]).toEqual([401, 403, 200]);
  });
});

describe('a Worker in jwt mode that is not configured', () => {
  for (const [name, change, field] of [
    ['without an issuer', { JWT_ISSUER: '' }, 'JWT_ISSUER'],
    ['without an audience', { JWT_AUDIENCE: '' }, 'JWT_AUDIENCE'],
    ['without keys', { JWT_SECRET: '' }, 'JWT_SECRET'],
    ['with a short secret', { JWT_SECRET: 'short' }, 'JWT_SECRET'],
    ['with keys of two kinds', { JWT_JWKS_URL: 'https://issuer.test/jwks' }, 'JWT_SECRET'],
    ['with a key address that is none', { JWT_SECRET: '', JWT_JWKS_URL: 'issuer' }, 'JWT_JWKS_URL'],
    [
      'with keys over plain http in production',
      { APP_ENV: 'production', JWT_SECRET: '', JWT_JWKS_URL: 'http://a.test' },
      'JWT_JWKS_URL',
    ],
    ['without a secret for tickets', { SESSION_SECRET: '' }, 'SESSION_SECRET'],
    ['with a short secret for tickets', { SESSION_SECRET: 'x'.repeat(31) }, 'SESSION_SECRET'],
    ['with hubs where there are none', { HUB_LOCATION: 'moon' }, 'HUB_LOCATION'],
    ['open to every origin', { ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS'],
    ['with an origin that has a path', { ALLOWED_ORIGINS: 'https://a.test/' }, 'ALLOWED_ORIGINS'],
  ] as const) {
    it(`${name} answers 503 that names ${field}`, async () => {
      const response = await request('/api/health', {}, { ...jwtEnv, ...change });
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ title: 'misconfigured', field });
    });
  }
});
