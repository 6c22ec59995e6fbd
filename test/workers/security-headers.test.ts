import { exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bearer, jwtEnv, open, request, resetHubs, tickets, token } from './support/jwt.ts';

afterEach(async () => {
  vi.restoreAllMocks();
  await resetHubs();
});

const PRIVATE = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};

function pick(response: Response, names: string[]): Record<string, string | null> {
  return Object.fromEntries(names.map(name => [name, response.headers.get(name)]));
}

describe('what the Worker answers', () => {
  for (const [name, path, init] of [
    ['data', '/api/patterns/daily', {}],
    ['liveness', '/api/health', {}],
    ['an unknown route', '/api/nothing', {}],
    ['bad input', '/api/patterns/daily?limit=x', {}],
    ['an unsigned batch', '/ingest', { method: 'POST', body: '{}' }],
    ['a WebSocket address without an upgrade', '/ws/daily', {}],
  ] as const) {
    it(`is nobody else's and can do nothing as a page: ${name}`, async () => {
      const response = await exports.default.fetch(`http://edge.test${path}`, init);
      expect(pick(response, Object.keys(PRIVATE))).toEqual(PRIVATE);
    });
  }

  it('is so while it refuses and while it is not configured too', async () => {
    expect(pick(await request('/api/symbols'), Object.keys(PRIVATE))).toEqual(PRIVATE);
    const broken = { ...jwtEnv, JWT_ISSUER: '' };
    expect(pick(await request('/api/symbols', {}, broken), Object.keys(PRIVATE))).toEqual(PRIVATE);
  });

  it('is kept by the browser alone where it may be kept at all: a cookie may come with it', async () => {
    const response = await request('/api/market/calendar', {}, { ...jwtEnv, AUTH_MODE: 'open' });
    expect(response.headers.get('set-cookie')).not.toBeNull();
    expect(response.headers.get('cache-control')).toBe('private, max-age=3600');
  });

  it('asks for https from then on in production over https, and only there', async () => {
    const production = { ...jwtEnv, APP_ENV: 'production' };
    const { app } = await import('../../workers/app.ts');
    const secure = await app.request('https://edge.test/api/health', {}, production);
    expect(secure.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
    for (const response of [
      await app.request('http://edge.test/api/health', {}, production),
      await app.request('https://edge.test/api/health', {}, jwtEnv),
    ]) {
      expect(response.headers.get('strict-transport-security')).toBeNull();
    }
  });
});

describe('logs', () => {
  it('hold no secret, token, ticket or cookie, whatever goes wrong', async () => {
    const logged: string[] = [];
    for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, level).mockImplementation((...args) => {
        logged.push(
          args.map(arg => (arg instanceof Error ? `${arg.stack} ${arg.cause}` : JSON.stringify(arg))).join(' '),
        );
      });
    }
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('connection refused'));
    const good = await token();
    const issued = (await tickets(['daily'], await bearer())).tickets.daily!;
    const keysEnv = { ...jwtEnv, JWT_SECRET: '', JWT_JWKS_URL: 'https://issuer.test/keys' };
    await request('/api/symbols', { headers: { authorization: `Bearer ${await rs256()}` } }, keysEnv);
    await request(`/api/symbols?token=${good}`);
    await request('/api/symbols', {
      headers: { authorization: `Bearer ${good}x`, cookie: 'tickstock_guest=cookie-value' },
    });
    await open('combo', issued);
    await open('daily', issued);
    await open('daily', issued);
    const failing = { ...jwtEnv, HUB: { getByName: () => ({ readPage: () => Promise.reject(new Error('broken')) }) } };
    const headers = { authorization: `Bearer ${good}` };
    const response = await request('/api/patterns/daily', { headers }, failing as unknown as typeof jwtEnv);
    expect(response.status).toBe(503);
    expect(await response.text()).not.toMatch(/broken|at .*\.ts/);

    expect(logged.length).toBeGreaterThan(0);
    const { JWT_SECRET, SESSION_SECRET, INGEST_SECRET } = jwtEnv;
    for (const secret of [good, issued, 'cookie-value', JWT_SECRET!, SESSION_SECRET!, INGEST_SECRET!]) {
      expect(logged.join('\n')).not.toContain(secret);
    }
  });
});

async function rs256(): Promise<string> {
  const { generateKeyPair, SignJWT } = await import('jose');
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return new SignJWT({ sub: 'ann' }).setProtectedHeader({ alg: 'RS256', kid: 'a' }).sign(privateKey);
}
