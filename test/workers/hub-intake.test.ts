import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import type { IngestEvent } from '../../shared/events.ts';
import { connect } from './support/client.ts';
import { batchOf, common, pattern } from './support/events.ts';

const hub = (topic: string) => env.HUB.getByName(topic);
const daily = () => hub('daily');
const at = (ms: number) => new Date(ms).toISOString();

function outcome(overrides: Partial<Extract<IngestEvent, { kind: 'outcome' }>> = {}): IngestEvent {
  return {
    ...common(),
    kind: 'outcome',
    pattern_type: 'BreakoutBO',
    symbol: 'AAPL',
    detection_id: null,
    detection_at: null,
    outcome_1d: 0.8,
    outcome_5d: null,
    outcome_30d: null,
    success_1d: true,
    success_5d: null,
    success_30d: null,
    ...overrides,
  };
}

afterEach(reset);

describe('the duplicate check', () => {
  it('takes an id once, also from another bridge and within one batch', async () => {
    const event = pattern();
    expect(await daily().publish(batchOf([event, event]))).toEqual({ accepted: 1, duplicates: 1, head: 1 });
    expect(await daily().publish(batchOf([event], { bridge_id: 'other', batch_id: 1 }))).toMatchObject({ accepted: 0 });
  });

  it('takes an event without a time again when more than 10 s lie between, under an id of its own', async () => {
    const received = (ms: number) => pattern({ id: 'same', time_origin: 'received', detected_at: at(ms) });
    const answers = [];
    for (const ms of [100_000, 110_000, 110_001, 120_002, 90_000])
      answers.push(await daily().publish(batchOf([received(ms)])));
    expect(answers.map(({ accepted }) => accepted)).toEqual([1, 0, 1, 1, 0]);
    const page = await daily().readPage({ filter: { kinds: [] }, limit: 10 });
    expect(new Set(page.bodies.map(body => JSON.parse(body).id)).size).toBe(3);
  });

  it('ignores a batch that is not above the last of its bridge, and takes the same number of another bridge', async () => {
    await daily().publish(batchOf([pattern()], { bridge_id: 'a', batch_id: 7 }));
    expect(await daily().publish(batchOf([pattern()], { bridge_id: 'a', batch_id: 7 }))).toMatchObject({ accepted: 0 });
    expect(await daily().publish(batchOf([pattern()], { bridge_id: 'a', batch_id: 6 }))).toMatchObject({
      duplicates: 1,
    });
    expect(await daily().publish(batchOf([pattern()], { bridge_id: 'b', batch_id: 7 }))).toMatchObject({ accepted: 1 });
  });

  it('leaves nothing of a batch behind that storage refused half-way, so that it can be posted again', async () => {
    const good = pattern();
    const batch = batchOf([good, pattern({ symbol: 'POISON' })]);
    await runInDurableObject(daily(), async (instance, { storage }) => {
      storage.sql.exec(
        `CREATE TRIGGER fail BEFORE INSERT ON tape WHEN NEW.symbol = 'POISON' BEGIN SELECT raise(ABORT, 'no'); END`,
      );
      expect(() => instance.publish(batch)).toThrow();
      expect((await instance.readStats()).appended).toBe(0);
      storage.sql.exec('DROP TRIGGER fail');
      expect(instance.publish(batch)).toMatchObject({ accepted: 2, head: 2 });
    });
  });
});

describe('what the tape stores', () => {
  it('is the event with its place, hops, and a market session from the calendar unless one was sent', async () => {
    const monday = Date.parse('2026-11-16T15:00:00.000Z');
    await daily().publish(
      batchOf([
        pattern({ detected_at: at(monday) }),
        pattern({ detected_at: at(monday), market_session: 'post_market' }),
      ]),
    );
    const { bodies } = await daily().readPage({ filter: { kinds: [] }, limit: 10 });
    const [second, first] = bodies.map(body => JSON.parse(body));
    expect(first).toMatchObject({ seq: 1, market_session: 'regular', session_origin: 'calendar' });
    expect(second).toMatchObject({ seq: 2, market_session: 'post_market', session_origin: 'sent' });
    expect(Object.keys(first.hops).sort()).toEqual(['bridge_at_ms', 'edge_at_ms', 'hub_at_ms']);
  });

  it('is the event as it was sent when nothing can be added to it, and that is counted', async () => {
    const unreadable = { ...pattern(), tags: null as unknown as string[] };
    await daily().publish(batchOf([unreadable, pattern()]));
    const { bodies } = await daily().readPage({ filter: { kinds: [] }, limit: 10 });
    expect(JSON.parse(bodies[1]!)).toMatchObject({ seq: 1, market_session: null, symbol: 'AAPL' });
    expect(await daily().readStats()).toMatchObject({ enrichment_errors: 1, appended: 2 });
  });

  it('loses what is older than the retention, and never uses a seq again, not even when it has slept with none left', async () => {
    await daily().publish(batchOf([pattern(), pattern()]));
    await runInDurableObject(daily(), (_, { storage }) => storage.sql.exec('UPDATE tape SET received_at_ms = 0'));
    await daily().publish(batchOf([]));
    expect(await (await connect('daily')).next('hello')).toMatchObject({ head: 2, oldest: 3 });
    await evictDurableObject(daily());
    expect(await daily().publish(batchOf([pattern()]))).toMatchObject({ head: 3 });
  });
});

describe('coverage', () => {
  const startMs = Date.now() - 3_600_000;
  let batchId = 0;
  const beat = (redis_connected: boolean, at_ms: number) => ({
    at_ms,
    redis_connected,
    redis_latency_ms: 1,
    channels_subscribed: 1,
    channels_wanted: 1,
    last_message_at_ms: null,
    reasons: [],
  });

  /** A bridge, whose clock is `aheadMs` ahead, posts so long after the start what it covers; null = it lost Redis. */
  async function report(atMs: number, bridge_id: string, covers: [number, number] | null, aheadMs = 0): Promise<void> {
    const byOwnClock = (ms: number) => startMs + ms + aheadMs;
    const times = { sent_at_ms: byOwnClock(atMs), edge_at_ms: startMs + atMs, worker_ahead_ms: -aheadMs };
    const spans = { covers: covers && { from_ms: byOwnClock(covers[0]), to_ms: byOwnClock(covers[1]) } };
    const heartbeat = beat(covers !== null, byOwnClock(atMs));
    await daily().publish(batchOf([], { ...spans, ...times, heartbeat, bridge_id, batch_id: ++batchId }));
  }

  it('shows a gap when a bridge covers only from later on, and tells it to clients', async () => {
    await report(1_000, 'a', [0, 1_000]);
    const client = await connect('daily');
    await report(2_000, 'a', [0, 2_000]);
    await report(4_000, 'a', [3_000, 4_000]);
    await client.next('gap');
    expect(client.of('gap')).toMatchObject([
      { seq: 1, from: at(startMs + 2_000), to: at(startMs + 3_000), reason: 'redis_disconnected' },
    ]);
    expect(await daily().readStats()).toMatchObject({ gaps: 1 });
  });

  it('tells whoever came before any bridge from when on nobody listened', async () => {
    const askedMs = Date.now();
    const client = await connect('daily');
    const cameMs = Date.now();
    await evictDurableObject(daily());
    const later = cameMs - startMs + 60_000;
    await report(later, 'a', [later - 10_000, later]);
    await client.next('gap');
    const [gap] = client.of('gap');
    expect(gap).toMatchObject({ to: at(startMs + later - 10_000), reason: 'bridge_absent' });
    expect(Date.parse(gap!.from as string)).toBeGreaterThanOrEqual(askedMs);
    expect(Date.parse(gap!.from as string)).toBeLessThanOrEqual(cameMs);
  });

  it('of a second bridge is no gap while the first may still cover, also when the hub was evicted in between', async () => {
    await report(0, 'a', [0, 0]);
    const client = await connect('daily');
    await report(9_000, 'b', [9_000, 9_000]);
    await evictDurableObject(daily());
    await report(15_000, 'a', [0, 15_000]);
    await report(24_000, 'b', [9_000, 24_000]);
    await report(30_000, 'a', [0, 30_000]);
    expect(await daily().readStats()).toMatchObject({ gaps: 0 });
    expect(client.of('gap')).toEqual([]);
  });

  it('tells the gap before a second bridge once the first was silent for long, kept through an eviction', async () => {
    await report(0, 'a', [0, 0]);
    await report(9_000, 'b', [9_000, 9_000]);
    await report(24_000, 'b', [9_000, 24_000]);
    await evictDurableObject(daily());
    const client = await connect('daily');
    await report(39_000, 'b', [9_000, 39_000]);
    await report(54_000, 'b', [9_000, 54_000]);
    await client.next('gap');
    await report(69_000, 'b', [9_000, 69_000]);
    expect(await daily().readStats()).toMatchObject({ gaps: 1 });
    expect(client.of('gap')).toMatchObject([{ from: at(startMs), to: at(startMs + 9_000), reason: 'bridge_absent' }]);
  });

  it('of a bridge whose clock is ahead hides no gap, and its own gaps are told by the hub’s clock', async () => {
    await report(1_000, 'a', [0, 1_000], 240_000);
    const client = await connect('daily');
    await report(2_000, 'a', null, 240_000);
    await report(4_000, 'a', [3_000, 4_000], 240_000);
    const lost = { from_ms: startMs + 240_000, to_ms: startMs + 240_500, reason: 'outbox_overflow' as const };
    const times = { sent_at_ms: startMs + 245_000, edge_at_ms: startMs + 5_000, worker_ahead_ms: -240_000 };
    await daily().publish(batchOf([], { ...times, gaps: [lost], bridge_id: 'a', batch_id: ++batchId }));
    await client.next('gap', 2);
    expect(client.of('gap')).toMatchObject([
      { from: at(startMs + 1_000), to: at(startMs + 3_000) },
      { from: at(startMs), to: at(startMs + 500), reason: 'outbox_overflow' },
    ]);
  });
});

describe('kinds that no topic carries', () => {
  it('are counted apart up to a number, and together from there on, whatever a producer calls them', async () => {
    const system = hub('system');
    for (let i = 0; i < 3; i++) {
      const not_routed = Array.from({ length: 300 }, (_, n) => ({
        channel: 'c',
        kind: `kind-${i * 300 + n}`,
        count: 1,
      }));
      await system.publish(batchOf([], { counts: { rejected: [], not_routed, probes: 0 } }));
    }
    const { not_routed } = await system.readRefusals({ limit: 1 });
    expect(not_routed.length).toBe(501);
    expect(not_routed[0]).toEqual({ channel: 'c', kind: 'other', count: 400 });
  });
});

describe('outcomes', () => {
  it('are kept by the hub that knows the detection, by its id or by what was detected, and counted', async () => {
    const detected_at = at(Date.now() - 86_400_000);
    await daily().publish(
      batchOf([pattern({ detected_at, producer_id: 'd-1' }), pattern({ detected_at, pattern_type: 'Doji' })]),
    );
    const answer = await daily().publish(
      batchOf([
        outcome({ detection_id: 'd-1', success_1d: true }),
        outcome({ pattern_type: 'Doji', detection_at: detected_at, success_1d: false }),
        outcome({ detection_id: 'unknown' }),
        outcome({ pattern_type: 'Doji', detection_at: at(5) }),
      ]),
    );
    expect(answer).toEqual({ accepted: 2, duplicates: 0, head: 4 });
    expect(await daily().readStats()).toMatchObject({ unmatched_outcomes: 2 });
    const { success, by_pattern_type } = await daily().readPerformance();
    expect(success['1d']).toEqual({ n: 2, rate: 0.5 });
    expect(success['5d']).toEqual({ n: 0, rate: null });
    expect(by_pattern_type.find(each => each.pattern_type === 'Doji')!.success!['1d']).toEqual({ n: 1, rate: 0 });
  });

  it('reach those who ask for outcomes, and are no patterns', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 'patterns' });
    const other = await connect('daily');
    await other.subscribe({ id: 'outcomes', filter: { kinds: ['outcome'] } });
    await daily().publish(batchOf([pattern({ producer_id: 'd-1' }), outcome({ detection_id: 'd-1' })]));
    await Promise.all([client.next('events'), other.next('events')]);
    expect([client.liveSeqs, other.liveSeqs]).toEqual([[1], [2]]);
  });
});
