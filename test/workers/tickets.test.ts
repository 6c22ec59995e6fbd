import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { base64url } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { UsedTickets } from '../../workers/hub/used-tickets.ts';
import { writeTicket } from '../../workers/identity/ticket.ts';
import { eventually } from '../support/eventually.ts';
import { bearer, denied, jwtEnv, open, request, resetHubs, tickets } from './support/jwt.ts';

afterEach(resetHubs);

const SECRET = jwtEnv.SESSION_SECRET!;

async function post(body: unknown, headers: Record<string, string>): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return request('/api/tickets', { method: 'POST', body: text, headers });
}

/** A ticket as the Worker makes it, with something changed. */
function ticketWith(change: object): Promise<string> {
  const expires_at_ms = Date.now() + 30_000;
  const ticket = { user_id: 'ann', guest: false, topic: 'daily', jti: crypto.randomUUID(), expires_at_ms };
  return writeTicket({ ...ticket, ...change }, SECRET);
}

describe('POST /api/tickets', () => {
  it('gives one ticket per topic, for 30 seconds, which a header can hold', async () => {
    const headers = await bearer({ sub: '名'.repeat(128) });
    const issued = await tickets(['daily', 'system'], headers);
    expect(Object.keys(issued.tickets)).toEqual(['daily', 'system']);
    expect(issued.expires_in_ms).toBe(30_000);
    expect(issued.tickets.daily).not.toBe(issued.tickets.system);
    for (const ticket of Object.values(issued.tickets)) expect(ticket).toMatch(/^[\w-]{1,1024}$/);
  });

  it('gives none for a topic that the token is not for', async () => {
    const response = await post({ topics: ['daily', 'combo'] }, await bearer({ topics: ['daily'] }));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ title: 'forbidden_topic', field: 'topics.1' });
  });

  for (const [name, body, status, field] of [
    ['no JSON', '{', 400, undefined],
    ['no object', '[]', 400, undefined],
    ['no topics', {}, 400, 'topics'],
    ['an empty list', { topics: [] }, 400, 'topics'],
    ['an unknown topic', { topics: ['daily', 'weekly'] }, 400, 'topics.1'],
    ['more topics than there are', { topics: Array(6).fill('daily') }, 400, 'topics'],
    ['a field it does not have', { topics: ['daily'], user_id: 'bob' }, 400, 'user_id'],
    ['a body that is too large', { topics: ['x'.repeat(2_000)] }, 413, undefined],
  ] as const) {
    it(`answers ${name} with ${status}`, async () => {
      const response = await post(body, await bearer());
      expect(response.status).toBe(status);
      expect((await response.json<{ field?: string }>()).field).toBe(field);
    });
  }
});

describe('a ticket', () => {
  it('lets the user whom the token names in, whatever characters the name has', async () => {
    for (const sub of ['ann', 'José 名 😀', '"\\']) {
      const issued = await tickets(['daily'], await bearer({ sub }));
      const { client, response } = await open('daily', issued.tickets.daily!);
      expect(response.headers.get('sec-websocket-protocol')).toBe('tickstock.v1');
      expect((await client.next('hello')).identity).toEqual({ user_id: sub, guest: false });
    }
  });

  it('keeps two users apart', async () => {
    const [ann, bob] = await Promise.all(
      ['ann', 'bob'].map(async sub => {
        const issued = await tickets(['daily'], await bearer({ sub }));
        return (await open('daily', issued.tickets.daily!)).client;
      }),
    );
    expect((await ann!.next('hello')).identity.user_id).toBe('ann');
    expect((await bob!.next('hello')).identity.user_id).toBe('bob');
  });

  it('is used up by its first use, also when the hub has slept in between', async () => {
    const issued = await tickets(['daily'], await bearer());
    const first = await open('daily', issued.tickets.daily!);
    await first.client.next('hello');
    expect((await (await open('daily', issued.tickets.daily!)).client.closing()).code).toBe(4001);
    expect(await denied('ticket_used')).toBe(1);
    await evictDurableObject(env.HUB.getByName('daily'));
    const { client, response } = await open('daily', issued.tickets.daily!);
    expect(response.headers.get('sec-websocket-protocol')).toBe('tickstock.v1');
    expect((await client.closing()).code).toBe(4001);
    expect(client.frames).toEqual([]);
    first.client.send('ping');
    await eventually(() => expect(first.client.texts).toEqual(['pong']));
  });

  it('that many use at the same time lets one of them in', async () => {
    const issued = await tickets(['daily'], await bearer());
    const opened = await Promise.all(Array.from({ length: 5 }, () => open('daily', issued.tickets.daily!)));
    await eventually(() => {
      const ended = opened.filter(({ client }) => client.closed?.code === 4001);
      const greeted = opened.filter(({ client }) => client.of('hello').length > 0);
      expect([ended.length, greeted.length]).toEqual([4, 1]);
    });
  });

  for (const [name, make, cause] of [
    ['that is missing', async () => null, 'ticket_missing'],
    ['that has expired', () => ticketWith({ expires_at_ms: Date.now() - 1 }), 'ticket_expired'],
    ['for another topic', () => ticketWith({ topic: 'combo' }), 'ticket_other_topic'],
    ['of a guest', () => ticketWith({ guest: true }), 'ticket_forged'],
    ['that is no ticket', async () => 'abc', 'ticket_forged'],
    ['that is a token', async () => (await bearer()).authorization.slice('Bearer '.length), 'ticket_forged'],
    ['that is too long', async () => 'a'.repeat(2_000), 'ticket_forged'],
    [
      'sealed with another secret',
      () => writeTicket({ user_id: 'ann', guest: false, topic: 'daily', jti: 'x', expires_at_ms: 9e15 }, 'other'),
      'ticket_forged',
    ],
    [
      'with another user written over the first',
      async () => {
        const sealed = base64url.decode(await ticketWith({ user_id: 'ann' }));
        sealed.set(new TextEncoder().encode('bob'), new TextDecoder().decode(sealed).indexOf('ann'));
        return base64url.encode(sealed);
      },
      'ticket_forged',
    ],
    [
      'that comes with a second one',
      async () => `${await ticketWith({})}, ticket.${await ticketWith({})}`,
      'ticket_forged',
    ],
  ] as const) {
    it(`${name} closes the connection with 4001, counted as ${cause}`, async () => {
      const { client, response } = await open('daily', await make());
      expect(response.status).toBe(101);
      expect(response.headers.get('sec-websocket-protocol')).toBe('tickstock.v1');
      expect((await client.closing()).code).toBe(4001);
      expect(client.frames).toEqual([]);
      await eventually(async () => expect(await denied(cause)).toBe(1));
      expect(await env.HUB.getByName('daily').readStats()).toMatchObject({ connections: 0 });
    });
  }

  it('is needed in jwt mode: neither token nor cookie nor header opens a WebSocket', async () => {
    const openEnv = { ...jwtEnv, AUTH_MODE: 'open' };
    const cookie = (await request('/api/symbols', {}, openEnv)).headers.get('set-cookie')!.split(';')[0]!;
    const forged = JSON.stringify({ identity: { user_id: 'ann', guest: false }, subprotocol: null });
    for (const headers of [await bearer(), { cookie }, { 'x-tickstock-upgrade': forged }] as Record<string, string>[]) {
      expect((await (await open('daily', null, { headers })).client.closing()).code).toBe(4001);
    }
  });

  it('of a guest is that guest, in open mode', async () => {
    const openEnv = { ...jwtEnv, AUTH_MODE: 'open' };
    const issued = await tickets(['daily'], {}, openEnv);
    const { client } = await open('daily', issued.tickets.daily!, { edgeEnv: openEnv });
    expect((await client.next('hello')).identity.guest).toBe(true);
    expect((await (await open('daily', 'abc', { edgeEnv: openEnv })).client.closing()).code).toBe(4001);
  });
});

describe('the tickets that a hub remembers', () => {
  it('are good once until they expire by its own clock, and are forgotten then', async () => {
    await runInDurableObject(env.HUB.getByName('daily'), (_, { storage: { sql } }) => {
      const used = new UsedTickets(sql);
      const count = () => sql.exec<{ n: number }>('SELECT count(*) AS n FROM used_tickets').one().n;
      expect([used.use('a', 1_000, 500), used.use('a', 1_000, 999)]).toEqual([true, false]);
      expect(used.use('b', 2_000, 999)).toBe(true);
      expect(count()).toBe(2);
      expect(used.use('a', 1_000, 1_000)).toBe(false);
      expect(count()).toBe(1);
    });
  });
});

describe('a credential in a URL', () => {
  for (const path of [
    '/api/patterns/daily?access_token=secret-value',
    '/api/health?token=secret-value',
    '/api/symbols?TOKEN=secret-value',
    '/api/symbols?%74icket=secret-value',
    '/ws/daily?ticket=secret-value',
    '/ingest?token=secret-value',
  ]) {
    it(`is refused at ${path.split('=')[0]}, and not repeated`, async () => {
      const response = await request(path, { headers: { ...(await bearer()), upgrade: 'websocket' } });
      expect(response.status).toBe(400);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ title: 'credentials_in_url' });
      expect(text).not.toContain('secret-value');
      await eventually(async () => expect(await denied('credentials_in_url')).toBe(1));
    });
  }
});
