import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SIGNATURE_HEADER } from '../../shared/ingest-protocol.ts';
import { connect } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';
import { sign } from './support/ingest.ts';

const daily = () => env.HUB.getByName('daily');

afterEach(async () => {
  vi.useRealTimers();
  await reset();
});

async function drain(body: string, signature?: string | null): Promise<Response> {
  const header = signature === undefined ? await sign(body) : signature;
  return exports.default.fetch('http://edge.test/api/admin/drain', {
    method: 'POST',
    body,
    headers: header === null ? {} : { [SIGNATURE_HEADER]: header },
  });
}

/** What an upgrade is answered: its status, and when to try again. */
async function knock(): Promise<[number, string | null]> {
  const response = await exports.default.fetch('http://edge.test/ws/daily', { headers: { upgrade: 'websocket' } });
  await response.text();
  return [response.status, response.headers.get('retry-after')];
}

describe('a hub that drains', () => {
  it('sends everything that waits, then says when to come back, then closes with 4012', async () => {
    const clients = [await connect('daily'), await connect('daily')];
    for (const client of clients) await client.subscribe({ id: 's' });
    await runInDurableObject(daily(), async hub => {
      hub.publish(batchOf([pattern()]));
      hub.publish(batchOf([pattern(), pattern()]));
      expect(await hub.drain(30_000)).toBe(2);
    });
    for (const client of clients) {
      expect(await client.closing()).toEqual({ code: 4012, reason: 'draining' });
      expect(client.liveSeqs).toEqual([1, 2, 3]);
      expect(client.frames.at(-1)).toMatchObject({ type: 'draining' });
    }
    const waits = clients.map(client => client.of('draining')[0]!.retry_after_ms);
    expect(waits.toSorted()).toEqual([18_750, 26_250]);
    expect(await daily().readStats()).toMatchObject({ sessions: 0, subscriptions: 0, closed: { 4012: 2 } });
  });

  it('loses nothing that comes in meanwhile: who comes back resumes from what it was told', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    await daily().publish(batchOf([pattern()]));
    const { epoch, head } = await client.next('events');
    await daily().drain(1_000);
    await daily().publish(batchOf([pattern(), pattern()]));
    await client.closing();
    vi.setSystemTime(Date.now() + 501);
    const again = await connect('daily');
    await again.subscribe({ id: 's', resume: { epoch, seq: head } });
    await again.backfilled('s');
    expect(again.replaySeqs('s')).toEqual([2, 3]);
  });

  it('sends away a session with a backfill, too', async () => {
    await daily().publish(batchOf(Array.from({ length: 500 }, () => pattern())));
    const client = await connect('daily');
    const { epoch } = await client.next('hello');
    client.send({ type: 'subscribe', id: 's', resume: { epoch, seq: 0 } });
    await client.next('subscribed');
    expect(await daily().drain(1_000)).toBe(1);
    expect(await client.closing()).toMatchObject({ code: 4012 });
  });

  it('lets nobody in until the first are to come back, also when it was evicted', async () => {
    const nowMs = Date.now();
    vi.setSystemTime(nowMs);
    await daily().drain(30_000);
    expect(await knock()).toEqual([503, '15']);
    await evictDurableObject(daily());
    vi.setSystemTime(nowMs + 14_999);
    expect(await knock()).toEqual([503, '1']);
    vi.setSystemTime(nowMs + 15_000);
    expect(await knock()).toEqual([101, null]);
  });
});

describe('POST /api/admin/drain', () => {
  it('drains every hub and says how many sessions each sent away', async () => {
    const clients = await Promise.all(['daily', 'daily', 'system'].map(topic => connect(topic)));
    const response = await drain('{"window_ms":1000}');
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        window_ms: 1_000,
        topics: {
          daily: { sessions: 2 },
          intraday: { sessions: 0 },
          combo: { sessions: 0 },
          system: { sessions: 1 },
        },
      },
    ]);
    for (const client of clients) expect(await client.closing()).toMatchObject({ code: 4012 });
  });

  it('takes an empty body for a window of 30 seconds', async () => {
    expect(await (await drain('')).json()).toMatchObject({ window_ms: 30_000 });
  });

  it.each([
    ['{"window_ms":999}', 'window_ms'],
    ['{"window_ms":300001}', 'window_ms'],
    ['{"window_ms":"30"}', 'window_ms'],
    ['{"windowms":3000}', 'windowms'],
    ['[]', ''],
    ['{', undefined],
  ])('refuses %s with 422 naming what is wrong, and drains nobody', async (body, field) => {
    const client = await connect('daily');
    const response = await drain(body);
    expect(response.status).toBe(422);
    expect((await response.json<{ field?: string }>()).field).toBe(field);
    expect(await knock()).toEqual([101, null]);
    expect(client.closed).toBeNull();
  });

  it.each([
    ['without a signature', null],
    ['with a wrong signature', `t=${Date.now()},v1=${'0'.repeat(64)}`],
  ])('refuses a request %s with 401', async (_, signature) => {
    expect((await drain('{}', signature)).status).toBe(401);
    expect(await knock()).toEqual([101, null]);
  });

  it('refuses one that was signed long ago', async () => {
    expect((await drain('{}', await sign('{}', Date.now() - 301_000))).status).toBe(401);
  });
});
