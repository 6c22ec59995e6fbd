import { reset } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { TestClient } from './support/client.ts';

afterEach(reset);

async function open(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return exports.default.fetch(`http://edge.test${path}`, { headers: { upgrade: 'websocket', ...headers } });
}

describe('GET /ws/{topic}', () => {
  it('opens with tickstock.v1, and also when nothing is offered', async () => {
    const offered = await open('/ws/daily', { 'sec-websocket-protocol': 'tickstock.v1' });
    expect(offered.status).toBe(101);
    expect(offered.headers.get('sec-websocket-protocol')).toBe('tickstock.v1');
    const silent = await open('/ws/daily');
    expect(silent.status).toBe(101);
    expect(silent.headers.get('sec-websocket-protocol')).toBeNull();
  });

  it('negotiates no compression', async () => {
    const response = await open('/ws/daily', { 'sec-websocket-extensions': 'permessage-deflate' });
    expect(response.headers.get('sec-websocket-extensions')).toBe('identity');
  });

  it('never echoes a ticket, and refuses one that comes alone', async () => {
    const both = await open('/ws/daily', { 'sec-websocket-protocol': 'ticket.abc, tickstock.v1' });
    expect(both.headers.get('sec-websocket-protocol')).toBe('tickstock.v1');
    const alone = await open('/ws/daily', { 'sec-websocket-protocol': 'ticket.abc' });
    expect(alone.status).toBe(400);
    expect(await alone.json()).toMatchObject({ field: 'sec-websocket-protocol' });
  });

  it('answers an unknown topic 404 before the upgrade, and a plain GET 426', async () => {
    for (const topic of ['weekly', 'market']) expect((await open(`/ws/${topic}`)).status).toBe(404);
    expect((await exports.default.fetch('http://edge.test/ws/daily')).status).toBe(426);
  });

  for (const [name, headers, code] of [
    ['a version that is not spoken', { 'sec-websocket-protocol': 'ticket.x, tickstock.v9' }, 4015],
    ['a foreign origin', { origin: 'https://evil.test', 'sec-websocket-protocol': 'tickstock.v1' }, 4003],
    ['an opaque origin', { origin: 'null' }, 4003],
  ] as const) {
    it(`closes ${name} with ${code}, in a way the client can see`, async () => {
      const response = await open('/ws/daily', headers);
      expect(response.status).toBe(101);
      if ('sec-websocket-protocol' in headers) {
        expect(response.headers.get('sec-websocket-protocol')).toMatch(/^tickstock/);
      }
      expect(await new TestClient(response.webSocket!).closing()).toMatchObject({ code });
    });
  }

  it('lets its own origin in', async () => {
    expect((await open('/ws/daily', { origin: 'http://edge.test' })).status).toBe(101);
    const client = new TestClient((await open('/ws/daily', { origin: 'http://edge.test' })).webSocket!);
    expect(await client.next('hello')).toMatchObject({ topic: 'daily' });
  });

  it('takes nobody’s word for who they are', async () => {
    const forged = JSON.stringify({ identity: { user_id: 'admin', guest: false }, subprotocol: null });
    const client = new TestClient((await open('/ws/daily', { 'x-tickstock-upgrade': forged })).webSocket!);
    const { identity } = await client.next('hello');
    expect(identity.guest).toBe(true);
    expect(identity.user_id).toMatch(/^guest-/);
  });

  it('counts connections and how they closed', async () => {
    const client = new TestClient((await open('/ws/daily')).webSocket!);
    await client.next('hello');
    client.socket.close(1000);
    await eventually(async () => {
      const stats = await env.HUB.getByName('daily').readStats();
      expect(stats).toMatchObject({ connections: 1, sessions: 0, closed: { 1000: 1 } });
    });
  });
});
