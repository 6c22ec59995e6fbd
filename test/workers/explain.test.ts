import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Explanation,
  explanationSchema,
  type MissingEvent,
  missingEventSchema,
} from '../../shared/api/explain.ts';
import { eventually } from '../support/eventually.ts';
import { connect } from './support/client.ts';
import { batchOf, common, pattern } from './support/events.ts';
import { get } from './support/get.ts';
import { bearer, denied, request } from './support/jwt.ts';
import { connectUnread } from './support/unread.ts';

const daily = () => env.HUB.getByName('daily');
const system = () => env.HUB.getByName('system');

afterEach(reset);

/** What is explained, checked against its schema. */
async function explained(query: string): Promise<Explanation> {
  const { status, body } = await get<Explanation>(`/api/explain?${query}`);
  expect([status, body]).toMatchObject([200, {}]);
  expect(() => explanationSchema.parse(body)).not.toThrow();
  return body;
}

/** The 404 of an event that is not there. */
async function missing(query: string): Promise<MissingEvent & { detail: string; field: string }> {
  const { status, body } = await get<MissingEvent & { detail: string; field: string }>(`/api/explain?${query}`);
  expect(status).toBe(404);
  expect(() => missingEventSchema.parse(body)).not.toThrow();
  return body;
}

const codes = ({ notes }: Explanation) => notes.map(({ code }) => code);
const textOf = ({ notes }: Explanation, code: string) => notes.find(note => note.code === code)?.text;
const asked = ({ clauses }: Explanation['subscriptions'][number]) =>
  clauses.filter(({ wants }) => wants !== null).map(({ clause, holds }) => [clause, holds]);

describe('an event and a filter', () => {
  it('are held against each other clause by clause, with what the event has', async () => {
    await daily().publish(batchOf([pattern({ symbol: 'NVDA', confidence: 0.72 })]));
    const told = await explained('topic=daily&seq=1&symbols=nvda,TSLA&confidence_min=0.8&exclude_pattern_types=Doji');
    const [only] = told.subscriptions;
    expect(only).toMatchObject({ id: null, group: null, since: null, matches: false });
    expect(only!.filter).toEqual({
      kinds: ['pattern'],
      symbols: ['NVDA', 'TSLA'],
      confidence_min: 0.8,
      exclude_pattern_types: ['Doji'],
    });
    expect(asked(only!)).toEqual([
      ['kinds', true],
      ['symbols', true],
      ['confidence_min', false],
      ['exclude_pattern_types', true],
    ]);
    expect(only!.clauses.find(({ clause }) => clause === 'confidence_min')).toEqual({
      clause: 'confidence_min',
      wants: 0.8,
      event_has: 0.72,
      holds: false,
    });
    expect(told).toMatchObject({ topic: 'daily', matches: false, session: null, event: { seq: 1, symbol: 'NVDA' } });
    expect(textOf(told, 'filter')).toContain('by confidence_min');
    expect((await explained('topic=daily&seq=1&confidence_min=0.72')).matches).toBe(true);
  });

  it('are found by the content id as by the seq', async () => {
    const event = pattern();
    await daily().publish(batchOf([event]));
    const bySeq = await explained('topic=daily&seq=1');
    const explained_at_ms = expect.any(Number);
    expect(await explained(`topic=daily&id=${event.id}`)).toEqual({ ...bySeq, explained_at_ms });
  });

  it('come with the way of the event, its routing, and whom its flush reached', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    const other = await connect('daily');
    await other.subscribe({ id: 's', filter: { symbols: ['NVDA'] } });
    await daily().publish(batchOf([pattern({ confidence: 0.95, priority: 'critical' })]));
    await client.next('events');
    const told = await explained('topic=daily&seq=1');
    expect(told.hops.map(({ hop }) => hop)).toEqual(['detected', 'bridge', 'edge', 'hub', 'flush']);
    expect(told.routing).toEqual({
      rules: ['by-content', 'critical-first', 'groups-share'],
      broadcast_all: false,
      priority_first: true,
      load_balanced: true,
      priority: 'critical',
    });
    expect(told.delivery).toMatchObject({
      live_sessions: 2,
      behind_sessions: 0,
      matching_sessions: 1,
      sent_sessions: 1,
      withheld: { rate_limited: 0, skipped: 0 },
      closed_sessions: 0,
    });
    expect(codes(told)).toEqual([]);
  });

  it('tell that a rule sends the event to everybody, whatever was subscribed to', async () => {
    const other = await connect('system');
    await other.subscribe({ id: 's', filter: { kinds: ['critical_alert'] } });
    await system().publish(batchOf([{ ...common(), kind: 'system_health', status: 'ok' }]));
    await other.next('events');
    const told = await explained('topic=system&seq=1&kinds=critical_alert');
    expect(told).toMatchObject({ matches: false, routing: { broadcast_all: true }, delivery: { sent_sessions: 1 } });
    expect(codes(told)).toEqual(['broadcast']);
  });

  it('tell how many sessions had no budget for it', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    await daily().publish(batchOf(Array.from({ length: 120 }, () => pattern())));
    await client.next('events');
    expect(codes(await explained('topic=daily&seq=1'))).toEqual([]);
    const told = await explained('topic=daily&seq=120');
    expect(told.delivery).toMatchObject({ matching_sessions: 1, sent_sessions: 0, withheld: { rate_limited: 1 } });
    expect(textOf(told, 'rate_limited')).toContain('100 events a second');
  });

  it('tell nothing of a flush that is not remembered, and say so', async () => {
    await daily().publish(batchOf([pattern()]));
    expect(codes(await explained('topic=daily&seq=1'))).toEqual(['nobody_live']);
    await evictDurableObject(daily());
    const told = await explained('topic=daily&seq=1');
    expect(told.delivery).toBeNull();
    expect(told.hops.map(({ hop }) => hop)).not.toContain('flush');
    expect(told.routing.rules).toEqual(['by-content', 'groups-share']);
    expect(codes(told)).toEqual(['not_remembered']);
  });
});

describe('an event and a session', () => {
  it('are told by each of its subscriptions, and what the session stands at', async () => {
    const client = await connect('daily');
    const { session_id } = await client.next('hello');
    await client.subscribe({ id: 'tech', filter: { symbols: ['NVDA'] } });
    await client.subscribe({ id: 'sure', filter: { confidence_min: 0.9 } });
    await daily().publish(batchOf([pattern({ symbol: 'AAPL' }), pattern({ symbol: 'NVDA' })]));
    await client.next('events');
    const told = await explained(`topic=daily&seq=1&session=${session_id}`);
    expect(told.subscriptions.map(({ id, matches }) => [id, matches])).toEqual([
      ['tech', false],
      ['sure', false],
    ]);
    expect(textOf(told, 'filter')).toBe('No subscription matches it: “tech” by symbols; “sure” by confidence_min.');
    expect(told.session).toMatchObject({
      session_id,
      guest: true,
      since: 0,
      state: 'live',
      position: { seq: 2 },
      backfills: [],
      blocked_ms: null,
      reader: 'keeps_up',
      events_per_second: 100,
      withheld: [],
    });
    expect(codes(await explained(`topic=daily&seq=2&session=${session_id}`))).toEqual(['sent']);
  });

  it('tell that it subscribed only afterwards, also after the hub has slept, unless it resumed from before', async () => {
    const client = await connect('daily');
    const { session_id, epoch } = await client.next('hello');
    await daily().publish(batchOf([pattern(), pattern()]));
    await client.subscribe({ id: 's' });
    const ask = async () => codes(await explained(`topic=daily&seq=2&session=${session_id}`));
    expect(await ask()).toContain('subscribed_later');
    await evictDurableObject(daily());
    expect(await ask()).toContain('subscribed_later');
    await client.subscribe({ id: 's', resume: { epoch, seq: 1 } });
    await client.backfilled('s');
    await eventually(async () => expect(await ask()).toEqual(['not_remembered', 'sent']));
  });

  it('tell that it connected only after what was sent to everybody', async () => {
    await system().publish(batchOf([{ ...common(), kind: 'system_health', status: 'ok' }]));
    const { session_id } = await (await connect('system')).next('hello');
    const told = await explained(`topic=system&seq=1&session=${session_id}`);
    expect(told).toMatchObject({ subscriptions: [], matches: false, session: { since: 1 } });
    expect(codes(told)).toEqual(['broadcast', 'nobody_live', 'connected_later']);
    await daily().publish(batchOf([pattern()]));
    const silent = await (await connect('daily')).next('hello');
    expect(codes(await explained(`topic=daily&seq=1&session=${silent.session_id}`))).toContain('no_subscription');
  });

  it('tell what was withheld from it', async () => {
    const client = await connect('daily');
    const { session_id } = await client.next('hello');
    await client.subscribe({ id: 's' });
    await daily().publish(batchOf(Array.from({ length: 103 }, () => pattern())));
    await client.next('events');
    const told = await explained(`topic=daily&seq=102&session=${session_id}`);
    expect(told.session!.withheld).toEqual([{ from: 101, to: 103, rate_limited: 3, skipped: 0 }]);
    expect(textOf(told, 'withheld')).toContain('events from 101 to 103 were withheld');
    expect(codes(told)).not.toContain('sent');
    expect((await explained(`topic=daily&seq=100&session=${session_id}`)).session!.withheld).toEqual([]);
  });

  it('tell that another of its group has it as its share', async () => {
    const members = [await connect('daily'), await connect('daily')];
    for (const member of members) await member.subscribe({ id: 'g', group: 'workers' });
    await daily().publish(batchOf([pattern()]));
    await eventually(() => expect(members.flatMap(({ liveSeqs }) => liveSeqs)).toEqual([1]));
    for (const member of members) {
      const { session_id } = await member.next('hello');
      const told = await explained(`topic=daily&seq=1&session=${session_id}`);
      expect(told).toMatchObject({ matches: true, delivery: { live_sessions: 2, matching_sessions: 1 } });
      expect(codes(told)).toEqual(['group', member.liveSeqs.length > 0 ? 'sent' : 'share_of_another']);
    }
  });

  it('tell that it is behind, and does not read', async () => {
    const large = () => pattern({ data: { bulk: 'x'.repeat(20_000) } });
    for (let i = 0; i < 30; i++) await daily().publish(batchOf([large(), large()]));
    const unread = await connectUnread(daily());
    const sessionId = await runInDurableObject(daily(), (hub, ctx) => {
      const [socket] = ctx.getWebSockets();
      const { epoch } = ctx.storage.sql.exec<{ epoch: string }>('SELECT epoch FROM tape_state').one();
      hub.webSocketMessage(socket!, JSON.stringify({ type: 'subscribe', id: 's', resume: { epoch, seq: 0 } }));
      return JSON.parse(new TextDecoder().decode(socket!.deserializeAttachment() as Uint8Array)).id as string;
    });
    await eventually(async () => {
      const told = await explained(`topic=daily&seq=60&session=${sessionId}`);
      expect(told.session).toMatchObject({
        state: 'behind',
        backfills: [{ subscription: 's', reached: 13, until: 60 }],
        reader: 'thinned',
      });
      expect(codes(told)).toEqual(expect.arrayContaining(['behind', 'blocked', 'reads_slowly']));
    });
    unread.accept();
    unread.close(1000);
  });

  it('is a 404 that names the session when it is not connected, or to another topic', async () => {
    await daily().publish(batchOf([pattern()]));
    const { session_id } = await (await connect('intraday')).next('hello');
    for (const session of [session_id, 'nobody']) {
      const { status, body } = await get(`/api/explain?topic=daily&seq=1&session=${session}`);
      expect([status, body.field]).toEqual([404, 'session']);
    }
  });
});

describe('an event that is not on the tape', () => {
  it('was never there', async () => {
    expect(await missing('topic=daily&seq=1')).toMatchObject({ why: 'ahead', head: 0, oldest_received_at: null });
    await daily().publish(batchOf([pattern()]));
    expect(await missing('topic=daily&seq=2')).toMatchObject({ why: 'ahead', field: 'seq', head: 1, oldest: 1 });
    expect(await missing('topic=daily&id=nobody')).toMatchObject({ why: 'unknown', field: 'id', gaps: [] });
  });

  it('is older than what the tape keeps', async () => {
    await daily().publish(batchOf([pattern(), pattern()]));
    await runInDurableObject(daily(), (hub, { storage }) => {
      storage.sql.exec('UPDATE tape SET received_at_ms = 0 WHERE seq = 1');
      hub.publish(batchOf([]));
    });
    const { why, oldest, detail } = await missing('topic=daily&seq=1');
    expect([why, oldest]).toEqual(['expired', 2]);
    expect(detail).toContain('begins with 2, which came in at 20');
    expect(await missing('topic=daily&id=x@1000')).toMatchObject({ why: 'expired' });
  });

  it('is a gap, or may be in one', async () => {
    const nowMs = Date.now();
    const gap = { from_ms: nowMs - 9_000, to_ms: nowMs - 5_000, reason: 'outbox_overflow' } as const;
    await daily().publish(batchOf([pattern()], { gaps: [gap] }));
    const told = await missing('topic=daily&seq=1');
    expect(told).toMatchObject({ why: 'gap', gaps: [{ seq: 1, reason: 'outbox_overflow' }] });
    expect(await missing('topic=daily&id=nobody')).toMatchObject({ why: 'unknown', gaps: [{ seq: 1 }] });
    expect(await missing(`topic=daily&id=x@${nowMs - 7_000}`)).toMatchObject({ gaps: [{ seq: 1 }] });
    expect(await missing(`topic=daily&id=x@${nowMs - 60_000}`)).toMatchObject({ gaps: [] });
    expect(await missing('topic=daily&id=gap:1')).toMatchObject({ why: 'unknown' });
  });
});

describe('GET /api/explain', () => {
  it.each([
    ['seq=1', 'topic'],
    ['topic=market&seq=1', 'topic'],
    ['topic=daily', 'seq'],
    ['topic=daily&seq=0', 'seq'],
    ['topic=daily&seq=1&id=x', 'id'],
    ['topic=daily&seq=1&confidence_min=2', 'confidence_min'],
    ['topic=daily&seq=1&symbol=AAPL', 'symbol'],
    ['topic=daily&seq=1&session=x&symbols=AAPL', 'symbols'],
  ])('refuses %s with 400 naming %s', async (query, field) => {
    const { status, body } = await get(`/api/explain?${query}`);
    expect([status, body.field]).toEqual([400, field]);
  });

  it('is for admins, and obeys the topics of their tokens', async () => {
    await daily().publish(batchOf([pattern()]));
    const ask = async (claims: object) => {
      const response = await request('/api/explain?topic=daily&seq=1', { headers: await bearer({ ...claims }) });
      return [response.status, (await response.json<{ title?: string }>()).title];
    };
    expect(await ask({})).toEqual([403, 'admin_only']);
    expect(await ask({ role: 'admin', topics: ['combo'] })).toEqual([403, 'forbidden_topic']);
    expect(await ask({ role: 'admin' })).toEqual([200, undefined]);
    await eventually(async () => expect(await denied('forbidden_topic')).toBe(1));
  });
});
