import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import type { Env } from '../../workers/env.ts';
import { eventually } from '../support/eventually.ts';
import { TestClient } from './support/client.ts';
import { bearer, denied, jwtEnv, open, request, resetHubs, tickets } from './support/jwt.ts';

afterEach(resetHubs);

/** As in vitest.config.ts. */
const MAX_CONNECTIONS_PER_ADDRESS = 3;

/** Lets a number of requests through per key, and keeps the keys. */
function limiter(limit: number): RateLimit & { keys: string[] } {
  const keys: string[] = [];
  return {
    keys,
    limit: async ({ key }) => {
      keys.push(key);
      return { success: keys.filter(other => other === key).length <= limit };
    },
  };
}

function from(address: string): Record<string, string> {
  return { 'cf-connecting-ip': address };
}

describe('requests of one address', () => {
  it('past its limit are 429 with a time to come back, counted, and nobody else is held up', async () => {
    const limited: Env = { ...env, API_LIMIT: limiter(2), TICKET_LIMIT: limiter(1) };
    const ask = (address: string) => request('/api/symbols', { headers: from(address) }, limited);
    expect([(await ask('203.0.113.7')).status, (await ask('203.0.113.7')).status]).toEqual([200, 200]);
    const refused = await ask('203.0.113.7');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await refused.json()).toMatchObject({ title: 'rate_limited' });
    expect((await ask('203.0.113.8')).status).toBe(200);
    await eventually(async () => expect(await denied('rate_limited_address')).toBe(1));
  });

  it('are limited before their tokens are looked at', async () => {
    const limited: Env = { ...jwtEnv, API_LIMIT: limiter(1) };
    const ask = () =>
      request('/api/symbols', { headers: { ...from('203.0.113.7'), authorization: 'Bearer x' } }, limited);
    expect((await ask()).status).toBe(401);
    expect((await ask()).status).toBe(429);
  });

  it('count together where one customer has the addresses, and not at all from this machine', async () => {
    const api = limiter(100);
    const limited: Env = { ...env, API_LIMIT: api };
    for (const address of ['2001:db8:1:2:3::4', '2001:0db8:1:2::9', '::1', '127.0.0.1']) {
      await request('/api/symbols', { headers: from(address) }, limited);
    }
    await request(
      '/api/symbols',
      { headers: { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9' } },
      limited,
    );
    expect(api.keys).toEqual(Array(2).fill('address 2001:db8:1:2::/64'));
  });

  it('leave liveness alone', async () => {
    const limited: Env = { ...env, API_LIMIT: limiter(0) };
    expect((await request('/api/health', { headers: from('203.0.113.7') }, limited)).status).toBe(200);
  });
});

describe('requests of one user', () => {
  it('past the limit are 429 wherever they come from, and tickets have a limit of their own', async () => {
    const limited: Env = { ...jwtEnv, API_LIMIT: limiter(1), TICKET_LIMIT: limiter(1) };
    const ask = async (sub: string, address: string) => ({ ...(await bearer({ sub })), ...from(address) });
    const [ann, away, bob] = [
      await ask('ann', '203.0.113.1'),
      await ask('ann', '203.0.113.2'),
      await ask('bob', '203.0.113.3'),
    ];
    expect((await request('/api/symbols', { headers: ann }, limited)).status).toBe(200);
    expect((await request('/api/symbols', { headers: away }, limited)).status).toBe(429);
    expect((await request('/api/symbols', { headers: bob }, limited)).status).toBe(200);
    await tickets(['daily'], ann, limited);
    await expect(tickets(['daily'], away, limited)).rejects.toThrow('rate_limited');
    await eventually(async () => expect(await denied('rate_limited_user')).toBe(2));
  });

  it('are not limited from this machine', async () => {
    const limited: Env = { ...jwtEnv, API_LIMIT: limiter(0) };
    expect((await request('/api/symbols', { headers: await bearer() }, limited)).status).toBe(200);
  });
});

it('the limits of wrangler.toml are there and count', async () => {
  const ask = () =>
    exports.default.fetch('http://edge.test/api/tickets', { method: 'POST', headers: from('203.0.113.7') });
  const answers = await Promise.all(Array.from({ length: 250 }, ask));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400, 429]));
});

describe('connections of one address', () => {
  const HUB = () => env.HUB.getByName('daily');

  async function connect(address: string): Promise<Response> {
    return exports.default.fetch('http://edge.test/ws/daily', { headers: { upgrade: 'websocket', ...from(address) } });
  }

  async function connected(address: string): Promise<TestClient> {
    const client = new TestClient((await connect(address)).webSocket!);
    await client.next('hello');
    return client;
  }

  it('past the limit are refused before the upgrade, also when the hub has slept, until one closes', async () => {
    const clients: TestClient[] = [];
    for (let n = 0; n < MAX_CONNECTIONS_PER_ADDRESS; n++) clients.push(await connected('203.0.113.7'));
    const refused = await connect('203.0.113.7');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refused.json()).toMatchObject({ title: 'too_many_connections' });
    expect(await denied('connections_per_address')).toBe(1);
    await connected('203.0.113.8');

    await evictDurableObject(HUB());
    expect((await connect('203.0.113.7')).status).toBe(429);
    clients[0]!.socket.close(1000);
    await eventually(async () => expect((await HUB().readStats()).sessions).toBe(MAX_CONNECTIONS_PER_ADDRESS));
    await connected('203.0.113.7');
  });

  it('are not limited from this machine, nor where nobody says whence they come', async () => {
    for (let n = 0; n <= MAX_CONNECTIONS_PER_ADDRESS; n++) {
      await connected('127.0.0.1');
      await open('daily', null, { edgeEnv: env });
    }
  });

  it('leave no address behind that could be read', async () => {
    await connected('203.0.113.7');
    await runInDurableObject(HUB(), (_, ctx) => {
      const attachments = ctx.getWebSockets().map(socket => new TextDecoder().decode(socket.deserializeAttachment()));
      expect(attachments[0]).toContain('"address"');
      expect(attachments.join()).not.toContain('203.0.113.7');
    });
  });
});
