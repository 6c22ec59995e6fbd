import { evictDurableObject, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { type Sessions, sessionsSchema } from '../../shared/api/sessions.ts';
import { eventually } from '../support/eventually.ts';
import { connect, upgrade } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';
import { get } from './support/get.ts';

const daily = () => env.HUB.getByName('daily');

afterEach(reset);

async function sessionsAt(path = '/api/sessions'): Promise<Sessions> {
  return sessionsSchema.parse((await get<Sessions>(path)).body);
}

describe('GET /api/sessions', () => {
  it('tells who is connected, to what, what each wants and was sent, and never from which address', async () => {
    const client = await connect('daily', { 'cf-connecting-ip': '203.0.113.9' });
    await daily().publish(batchOf([pattern({ symbol: 'MSFT' }), pattern({ symbol: 'AAPL' })]));
    await client.subscribe({ id: 'mine', filter: { symbols: ['MSFT'] }, snapshot: 5 });
    await client.backfilled('mine');
    await daily().publish(batchOf([pattern({ symbol: 'MSFT' })]));
    await client.next('events', 2);
    const combo = await connect('combo');
    const answer = await sessionsAt();
    expect(answer).toMatchObject({ total: 2, left_out: 0, missing: [] });
    const own = answer.sessions.find(({ topic }) => topic === 'daily')!;
    const hello = await client.next('hello');
    expect(own).toMatchObject({
      session_id: hello.session_id,
      user_id: hello.identity!.user_id,
      guest: true,
      subscriptions: [{ id: 'mine', filter: { kinds: ['pattern'], symbols: ['MSFT'] }, group: null }],
      subscriptions_total: 1,
      position: 3,
      behind: 0,
      delivered: 1,
      backfilled: 1,
      withheld: { rate_limited: 0, skipped: 0 },
    });
    expect(own.counted_since).toBe(own.opened_at);
    expect(JSON.stringify(answer)).not.toContain('203.0.113');
    expect((await sessionsAt('/api/sessions?topic=combo')).sessions.map(({ session_id }) => session_id)).toEqual([
      (await combo.next('hello')).session_id,
    ]);
  });

  it('counts what is withheld from a session by reason', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 'all' });
    await daily().publish(batchOf(Array.from({ length: 130 }, () => pattern({ priority: 'medium' }))));
    await eventually(async () => {
      const [session] = (await sessionsAt()).sessions;
      expect(session).toMatchObject({ delivered: 100, withheld: { rate_limited: 30, skipped: 0 } });
    });
  });

  it('puts who does not read first, and says how many are left out', async () => {
    const reader = await connect('daily');
    await reader.subscribe({ id: 'all' });
    // Never accepted: what it is sent stays queued.
    const unread = await upgrade('daily');
    const { session_id } = (await sessionsAt()).sessions.find(
      session => session.session_id !== reader.of('hello')[0]!.session_id,
    )!;
    const answer = await sessionsAt('/api/sessions?limit=1');
    expect(answer).toMatchObject({ total: 2, left_out: 1 });
    expect(answer.sessions[0]).toMatchObject({ session_id });
    expect(answer.sessions[0]!.queued_bytes).toBeGreaterThan(0);
    unread.accept();
  });

  it('says after its hub has slept since when it counts, and when each was opened all the same', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 'all' });
    const [before] = (await sessionsAt()).sessions;
    await evictDurableObject(daily());
    const [after] = (await sessionsAt()).sessions;
    expect(after).toMatchObject({ session_id: before!.session_id, opened_at: before!.opened_at, delivered: 0 });
    expect(Date.parse(after!.counted_since)).toBeGreaterThan(Date.parse(before!.counted_since));
    expect(after!.subscriptions_total).toBe(1);
  });

  it('names what is asked for wrongly', async () => {
    expect((await get('/api/sessions?limit=0')).body).toMatchObject({ status: 400, field: 'limit' });
    expect((await get('/api/sessions?topic=weekly')).body).toMatchObject({ status: 400, field: 'topic' });
    expect((await get('/api/sessions?user=me')).body).toMatchObject({ status: 400, field: 'user' });
  });
});
