import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import type { Env } from '../../workers/env.ts';
import { eventually } from '../support/eventually.ts';
import { bearer, denied, jwtEnv, open, request, resetHubs } from './support/jwt.ts';

afterEach(resetHubs);

const FRIEND = 'https://charts.test';
const openEnv: Env = { ...env, ALLOWED_ORIGINS: `https://other.test, ${FRIEND}` };
const STRANGERS = [
  'https://evil.test',
  'https://charts.test.evil.test',
  'http://charts.test',
  'https://charts.test:8443',
  'null',
];

function corsHeaders(response: Response): string[] {
  return [...response.headers.keys()].filter(name => name.startsWith('access-control-'));
}

describe('a page of an allowed origin', () => {
  it('may read answers, refusals included', async () => {
    for (const [path, status] of [
      ['/api/health', 200],
      ['/api/symbols', 200],
      ['/api/nothing', 404],
    ] as const) {
      const response = await request(path, { headers: { origin: FRIEND } }, openEnv);
      expect(response.status).toBe(status);
      expect(response.headers.get('access-control-allow-origin')).toBe(FRIEND);
      expect(response.headers.get('access-control-allow-credentials')).toBe('true');
      expect(response.headers.get('vary')).toBe('origin');
    }
  });

  it('is told before it asks, without having to say who it is', async () => {
    const headers = { origin: FRIEND, 'access-control-request-method': 'POST' };
    const response = await request(
      '/api/tickets',
      { method: 'OPTIONS', headers },
      { ...jwtEnv, ALLOWED_ORIGINS: FRIEND },
    );
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('may open WebSockets, and change things', async () => {
    const { client } = await open('daily', null, { headers: { origin: FRIEND }, edgeEnv: openEnv });
    await client.next('hello');
    const init = { method: 'POST', body: '{"topics":["daily"]}', headers: { origin: FRIEND } };
    expect((await request('/api/tickets', init, openEnv)).status).toBe(200);
  });
});

describe('a page of another origin', () => {
  for (const origin of STRANGERS) {
    it(`(${origin}) is told nothing, and opens no WebSocket`, async () => {
      const response = await request('/api/symbols', { headers: { origin } }, openEnv);
      expect(corsHeaders(response)).toEqual([]);
      expect(response.headers.get('vary')).toBe('origin');
      const asked = { origin, 'access-control-request-method': 'GET' };
      expect(corsHeaders(await request('/api/symbols', { method: 'OPTIONS', headers: asked }, openEnv))).toEqual([]);
      const { client } = await open('daily', null, { headers: { origin }, edgeEnv: openEnv });
      expect((await client.closing()).code).toBe(4003);
      await eventually(async () => expect(await denied('foreign_origin')).toBe(1));
    });
  }

  it('changes nothing by the cookie that its visitor has', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const response = await request('/api/tickets', { method, headers: { origin: 'https://evil.test' } }, openEnv);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ title: 'foreign_origin' });
    }
  });

  it('may use a token that it has, as any program', async () => {
    const init = {
      method: 'POST',
      body: '{"topics":["daily"]}',
      headers: { ...(await bearer()), origin: 'https://evil.test' },
    };
    expect((await request('/api/tickets', init)).status).toBe(200);
  });
});
