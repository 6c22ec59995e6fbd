import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Trace, type Traces, tracesSchema } from '../../shared/api/trace.ts';
import { app } from '../../workers/app.ts';
import { Tape } from '../../workers/hub/tape.ts';
import { eventually } from '../support/eventually.ts';
import { connect } from './support/client.ts';
import { batchOf, common, pattern } from './support/events.ts';
import { get } from './support/get.ts';
import { bearer, denied, request } from './support/jwt.ts';

const daily = () => env.HUB.getByName('daily');
const combo = () => env.HUB.getByName('combo');

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

async function tracesOf(id: string): Promise<Traces> {
  const { status, body } = await get<Traces>(`/api/trace/${encodeURIComponent(id)}`);
  expect(status).toBe(200);
  expect(() => tracesSchema.parse(body)).not.toThrow();
  return body;
}

async function traceOf(id: string): Promise<Trace> {
  const { traces, missing } = await tracesOf(id);
  expect([traces.length, missing]).toEqual([1, []]);
  return traces[0]!;
}

describe('the trace of an event', () => {
  it('tells where it came from, and whom its flush reached', async () => {
    const [all, some] = [await connect('combo'), await connect('combo')];
    await all.subscribe({ id: 's' });
    await some.subscribe({ id: 's', filter: { symbols: ['NVDA'] } });
    const event = pattern({ tier: 'combo', shape: 'nested', channel: 'tickstock.patterns.combo' });
    await combo().publish(batchOf([event], { bridge_id: 'east-1-0a0b0c0d', batch_id: 17 }));
    await all.next('events');
    expect(await traceOf(event.id)).toMatchObject({
      topic: 'combo',
      seq: 1,
      kind: 'pattern',
      channel: 'tickstock.patterns.combo',
      shape: 'nested',
      source: 'TickStockPL',
      bridge_id: 'east-1-0a0b0c0d',
      batch_id: 17,
      routing: { rules: ['by-content', 'groups-share'], priority_first: false },
      delivery: { live_sessions: 2, matching_sessions: 1, sent_sessions: 1 },
      duplicates: { count: 0, last: null },
    });
  });

  it('keeps what is stored and forgets the rest when its hub sleeps: null, and nothing invented', async () => {
    const event = pattern();
    await daily().publish(batchOf([event], { bridge_id: 'east', batch_id: 5 }));
    await daily().publish(batchOf([event], { bridge_id: 'west', batch_id: 1 }));
    const before = await traceOf(event.id);
    expect(before.duplicates).toMatchObject({ count: 1 });
    await evictDurableObject(daily());
    const after = { ...before, hops: before.hops.slice(0, -1), delivery: null, duplicates: null };
    expect(await traceOf(event.id)).toEqual(after);
    // What comes now cannot tell what came before.
    await daily().publish(batchOf([event], { bridge_id: 'west', batch_id: 2 }));
    expect((await traceOf(event.id)).duplicates).toBeNull();
  });

  it('counts how often it came again, and tells the last time, but not a batch that was posted twice', async () => {
    const event = pattern();
    await daily().publish(batchOf([event, event], { bridge_id: 'east', batch_id: 1 }));
    await daily().publish(batchOf([event], { bridge_id: 'east', batch_id: 1 }));
    const elsewhere = { ...event, channel: 'tickstock.patterns.daily' };
    await daily().publish(batchOf([elsewhere], { bridge_id: 'west', batch_id: 9 }));
    expect((await traceOf(event.id)).duplicates).toMatchObject({
      count: 2,
      last: { bridge_id: 'west', batch_id: 9, channel: 'tickstock.patterns.daily' },
    });
  });

  it('counts an event without the producer’s time that came again within 10 s', async () => {
    const event = pattern({ time_origin: 'received', detected_at: '2026-11-20T14:00:00.000Z' });
    const again = { ...event, detected_at: '2026-11-20T14:00:03.000Z' };
    await daily().publish(batchOf([event]));
    await daily().publish(batchOf([again]));
    const trace = await traceOf(`${event.id}@${Date.parse(event.detected_at)}`);
    expect(trace).toMatchObject({ seq: 1, duplicates: { count: 1 } });
    expect(trace.hops[0]!.hop).toBe('bridge');
  });

  it('tells nothing of a batch whose transaction failed', async () => {
    const [event, other] = [pattern(), pattern()];
    await daily().publish(batchOf([event]));
    await runInDurableObject(daily(), (hub, { storage }) => {
      const broken = batchOf([event, other], { bridge_id: 'new-bridge', batch_id: 1, rejects: [null as never] });
      expect(() => hub.publish(broken)).toThrow();
      expect(storage.sql.exec('SELECT * FROM tape_bridges').toArray()).toHaveLength(1);
    });
    expect((await traceOf(event.id)).duplicates).toEqual({ count: 0, last: null });
    await daily().publish(batchOf([other], { bridge_id: 'third-bridge', batch_id: 1 }));
    expect((await traceOf(other.id)).bridge_id).toBe('third-bridge');
  });

  it('is told of every tape that has it', async () => {
    const detection = { producer_id: '77', symbol: 'AAPL' };
    await daily().publish(batchOf([pattern(detection)]));
    await combo().publish(batchOf([pattern({ ...detection, tier: 'combo' })]));
    const outcome = {
      ...common({ id: 'outcome-77' }),
      kind: 'outcome' as const,
      pattern_type: 'BreakoutBO',
      symbol: 'AAPL',
      detection_id: '77',
      detection_at: null,
      outcome_1d: 1.5,
      outcome_5d: null,
      outcome_30d: null,
      success_1d: true,
      success_5d: null,
      success_30d: null,
    };
    for (const hub of [daily(), combo()]) await hub.publish(batchOf([outcome]));
    const { traces } = await tracesOf('outcome-77');
    expect(traces.map(({ topic, seq, kind }) => [topic, seq, kind])).toEqual([
      ['daily', 2, 'outcome'],
      ['combo', 2, 'outcome'],
    ]);
  });

  it('is a 404 when no tape has it, and a gap has none', async () => {
    const gap = { from_ms: Date.now() - 9_000, to_ms: Date.now(), reason: 'outbox_overflow' } as const;
    await daily().publish(batchOf([], { gaps: [gap] }));
    for (const id of ['nobody', 'gap:1', '\u0000', '../x', "' OR 1=1 --"]) {
      const { status, body } = await get(`/api/trace/${encodeURIComponent(id)}`);
      expect([id, status, body.field]).toEqual([id, 404, 'id']);
    }
    expect((await get('/api/trace/x?y=1')).status).toBe(400);
  });

  it('names the topics whose hub gave no answer, and is not a 404 while one of them might have it', async () => {
    const event = pattern();
    await daily().publish(batchOf([event]));
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = { readTrace: () => Promise.reject(new Error('broken')) };
    const getByName = (name: string) => (name === 'combo' ? broken : env.HUB.getByName(name));
    const ask = async (id: string) => {
      const response = await app.request(`/api/trace/${id}`, {}, { ...env, HUB: { getByName } });
      return { status: response.status, body: await response.json() };
    };
    expect(await ask(event.id)).toMatchObject({
      status: 200,
      body: { traces: [{ topic: 'daily' }], missing: ['combo'] },
    });
    expect(await ask('nobody')).toMatchObject({ status: 503, body: { title: 'hub_unavailable' } });
  });

  it('is for admins, and tells of the topics of their tokens alone', async () => {
    const event = pattern();
    await daily().publish(batchOf([event]));
    const ask = async (claims: object) =>
      (await request(`/api/trace/${event.id}`, { headers: await bearer({ ...claims }) })).status;
    expect(await ask({})).toBe(403);
    expect(await ask({ role: 'admin', topics: ['combo'] })).toBe(404);
    expect(await ask({ role: 'admin', topics: [] })).toBe(403);
    expect(await ask({ role: 'admin' })).toBe(200);
    await eventually(async () => expect(await denied('admin_only')).toBe(1));
  });
});

describe('a tape that was begun before this was kept', () => {
  it('goes on: its rows have no bridge, batch and rules, the next ones do', async () => {
    await runInDurableObject(daily(), (hub, { storage: { sql } }) => {
      hub.publish(batchOf([pattern({ id: 'old' })]));
      sql.exec('DROP TABLE tape_bridges');
      sql.exec('DROP TABLE tape_rules');
      for (const column of ['bridge', 'batch_id', 'rules']) sql.exec(`ALTER TABLE tape DROP COLUMN ${column}`);
      new Tape(sql, () => 'never');
    });
    await evictDurableObject(daily());
    await daily().publish(batchOf([pattern({ id: 'new' })], { bridge_id: 'east', batch_id: 9 }));
    expect(await traceOf('old')).toMatchObject({
      seq: 1,
      bridge_id: null,
      batch_id: null,
      routing: { rules: null, priority_first: null, load_balanced: true },
    });
    expect(await traceOf('new')).toMatchObject({ seq: 2, bridge_id: 'east', batch_id: 9 });
  });

  it('keeps the newest 10,000 starts of bridges', async () => {
    const event = pattern();
    await daily().publish(batchOf([event], { bridge_id: 'first' }));
    await runInDurableObject(daily(), (hub, { storage: { sql } }) => {
      sql.exec(`UPDATE tape_bridges SET number = 1`);
      sql.exec(
        `INSERT INTO tape_bridges (number, text)
         WITH RECURSIVE n (i) AS (VALUES (2) UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i, 'b' || i FROM n`,
      );
      hub.publish(batchOf([pattern({ id: 'newest' })], { bridge_id: 'newest' }));
      expect(sql.exec<{ n: number }>('SELECT count(*) AS n FROM tape_bridges').one().n).toBe(10_000);
    });
    expect((await traceOf(event.id)).bridge_id).toBeNull();
    expect((await traceOf('newest')).bridge_id).toBe('newest');
  });
});
