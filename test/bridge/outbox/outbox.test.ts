import { describe, expect, test } from 'vitest';
import { judge, serverTimeOf } from '../../../bridge/outbox/answer.ts';
import { Fifo } from '../../../bridge/outbox/fifo.ts';
import { Outbox } from '../../../bridge/outbox/outbox.ts';
import { Refusals } from '../../../bridge/outbox/refusals.ts';
import type { Reject } from '../../../shared/ingest-protocol.ts';
import { MAX_BATCH_REJECTS } from '../../../shared/limits.ts';
import { TOPICS, type Topic } from '../../../shared/topics.ts';
import { flat, read } from '../normalise/support.ts';
import { due, takeAll } from './support.ts';

const CHANNEL = 'tickstock.events.patterns';

function add(outbox: Outbox, message: object, receivedAtMs: number, channel = CHANNEL): Topic[] {
  return [...outbox.add({ channel, receivedAtMs }, read(message, channel))];
}

function emptied(outbox: Outbox): Outbox {
  for (const topic of TOPICS) takeAll(outbox.lanes[topic]);
  return outbox;
}

describe('where things go', () => {
  test('a pattern to its tier, an outcome to all tiers, a reject to system, each at once', () => {
    const outbox = emptied(new Outbox('b'));
    expect(add(outbox, flat({ tier: 'combo' }), 1)).toEqual(['combo']);
    expect(add(outbox, { pattern_name: 'A', symbol: 'B' }, 1, 'tickstock.events.patterns.outcomes')).toEqual([
      'daily',
      'intraday',
      'combo',
    ]);
    expect(add(outbox, { status: 'healthy' }, 1, 'tickstock.health.status')).toEqual(['system']);
    expect(add(outbox, {}, 1)).toEqual(['system']);
    expect(outbox.events).toBe(5);
    expect(takeAll(outbox.lanes.system)).toMatchObject([
      { events: [{ kind: 'system_health' }], rejects: [{ reason: 'missing_pattern' }] },
    ]);
  });

  test('counts go to system and wait for its next batch', () => {
    const outbox = emptied(new Outbox('b'));
    expect(add(outbox, { test: 'permission_check' }, 1)).toEqual([]);
    expect(add(outbox, { type: 'novel' }, 1)).toEqual([]);
    for (const topic of TOPICS) expect(due(outbox.lanes[topic])).toBeNull();
    outbox.lanes.system.beatSoon();
    expect(due(outbox.lanes.system)?.counts).toEqual({
      rejected: [],
      not_routed: [{ channel: CHANNEL, kind: 'novel', count: 1 }],
      probes: 1,
    });
  });

  test('a reject of the edge goes with the others', () => {
    const outbox = emptied(new Outbox('b'));
    outbox.addReject({ channel: 'c', reason: 'refused_by_edge', sample: '', at: '' });
    expect(due(outbox.lanes.system)?.rejects).toHaveLength(1);
  });
});

describe('coverage', () => {
  test('of every lane follows the one subscription', () => {
    const outbox = emptied(new Outbox('b'));
    outbox.confirm(50);
    outbox.open(100);
    outbox.confirm(200);
    outbox.confirm(150);
    for (const topic of TOPICS) expect(due(outbox.lanes[topic])?.covers).toEqual({ from_ms: 100, to_ms: 200 });
    emptied(outbox);
    outbox.confirm(250);
    outbox.close();
    outbox.close();
    outbox.confirm(300);
    for (const topic of TOPICS) {
      expect(takeAll(outbox.lanes[topic]).map(batch => batch.covers)).toEqual([{ from_ms: 100, to_ms: 250 }]);
    }
  });

  test('of a subscription never joins that of the one before, at whatever time the clock says it began', () => {
    const outbox = emptied(new Outbox('b'));
    outbox.open(100);
    outbox.confirm(200);
    emptied(outbox);
    for (const [openedMs, fromMs] of [
      [200, 201],
      [50, 202],
    ] as const) {
      outbox.close();
      emptied(outbox);
      outbox.open(openedMs);
      expect(due(outbox.lanes.daily)?.covers).toEqual({ from_ms: fromMs, to_ms: fromMs });
    }
  });
});

describe('the bound on memory', () => {
  test('drops the oldest over all lanes, and tells each lane its gap', () => {
    const outbox = emptied(new Outbox('b', { limits: { maxEvents: 3, maxBytes: 1e9, maxTotalBytes: 1e9 } }));
    for (const [i, tier] of ['daily', 'daily', 'intraday', 'daily', 'intraday'].entries()) {
      add(outbox, flat({ tier }), 10 + i);
    }
    expect(outbox.events).toBe(3);
    expect(outbox.dropped).toBe(2);
    add(outbox, flat({ tier: 'combo' }), 15);
    expect(due(outbox.lanes.daily)).toMatchObject({ events: [{}], gaps: [{ from_ms: 10, to_ms: 11 }] });
    expect(due(outbox.lanes.intraday)).toMatchObject({ events: [{}], gaps: [{ from_ms: 12, to_ms: 12 }] });
    expect(due(outbox.lanes.combo)).toMatchObject({ events: [{}], gaps: [] });
  });

  test('is in bytes too, and spares what is on its way', () => {
    const outbox = emptied(new Outbox('b', { limits: { maxEvents: 100, maxBytes: 3_000, maxTotalBytes: 1e9 } }));
    add(outbox, flat({ note: 'é'.repeat(2_000) }), 1);
    expect(outbox.events).toBe(0);
    expect(outbox.dropped).toBe(1);
    emptied(outbox);
    add(outbox, flat(), 2);
    due(outbox.lanes.daily);
    for (let n = 0; n < 20; n++) add(outbox, flat(), 3 + n);
    expect(outbox.bytes).toBeLessThanOrEqual(3_000);
    expect(due(outbox.lanes.daily)?.events[0]?.hops.bridge_at_ms).toBeDefined();
    outbox.lanes.daily.taken();
    expect(due(outbox.lanes.daily)?.gaps[0]?.from_ms).toBe(3);
  });

  test('holds for what comes in while everything left is on its way', () => {
    const outbox = new Outbox('b', { limits: { maxEvents: 1, maxBytes: 1e9, maxTotalBytes: 1e9 } });
    add(outbox, flat(), 1);
    due(outbox.lanes.daily);
    add(outbox, flat(), 2);
    expect(outbox.events).toBe(1);
    expect(outbox.dropped).toBe(1);
  });

  test('is passed by what is on its way alone', () => {
    const limits = { maxEvents: 2, maxBytes: 1e9, maxTotalBytes: 1e9 };
    const outbox = new Outbox('b', { limits });
    add(outbox, flat(), 1);
    due(outbox.lanes.daily);
    limits.maxEvents = 0;
    add(outbox, {}, 2);
    expect(outbox.events).toBe(1);
  });
});

describe('whoever wants to know what becomes of a message', () => {
  const outcome = { pattern_name: 'A', symbol: 'B' };

  function addHeard(outbox: Outbox, message: object, channel = CHANNEL): boolean[] {
    const heard: boolean[] = [];
    outbox.add({ channel, receivedAtMs: 1 }, read(message, channel), isTaken => heard.push(isTaken));
    return heard;
  }

  test('hears once when the last of its events is taken, or refused and told', () => {
    const outbox = new Outbox('b');
    const heard = addHeard(outbox, outcome, 'tickstock.events.patterns.outcomes');
    due(outbox.lanes.daily);
    outbox.lanes.daily.refused('at');
    takeAll(outbox.lanes.daily);
    takeAll(outbox.lanes.combo);
    expect(heard).toEqual([]);
    due(outbox.lanes.intraday);
    outbox.lanes.intraday.taken();
    expect(heard).toEqual([true]);
  });

  test('hears at once when it has no event', () => {
    expect(addHeard(new Outbox('b'), {})).toEqual([true]);
  });

  test('hears once when one of its events is given up', () => {
    const outbox = new Outbox('b', { limits: { maxEvents: 2, maxBytes: 1e9, maxTotalBytes: 1e9 } });
    const heard = addHeard(outbox, outcome, 'tickstock.events.patterns.outcomes');
    expect(heard).toEqual([false]);
    emptied(outbox);
    expect(heard).toEqual([false]);
  });
});

describe('refusals', () => {
  const reject: Reject = { channel: 'c', reason: 'bad_json', sample: '', at: '' };

  test('beyond what one batch carries are counted', () => {
    const refusals = new Refusals();
    for (let n = 0; n < MAX_BATCH_REJECTS + 5; n++) refusals.addReject(reject);
    const taken = refusals.take();
    expect(taken.rejects).toHaveLength(MAX_BATCH_REJECTS);
    expect(taken.counts?.rejected).toEqual([{ channel: 'c', reason: 'bad_json', count: 5 }]);
    expect(refusals.take()).toEqual({ rejects: [], counts: undefined });
  });

  test('that are large are fewer', () => {
    const refusals = new Refusals();
    for (let n = 0; n < 100; n++) refusals.addReject({ ...reject, sample: '\u0000'.repeat(2048) });
    const { rejects, counts } = refusals.take();
    expect(JSON.stringify(rejects).length).toBeLessThan(140_000);
    expect(rejects.length + counts!.rejected[0]!.count).toBe(100);
  });

  test('of endlessly many kinds stay bounded, and none goes uncounted', () => {
    const refusals = new Refusals();
    for (let n = 0; n < 5_000; n++) refusals.addNotRouted('c', `kind-${n}`);
    let total = 0;
    for (let taken = refusals.take(); taken.counts; taken = refusals.take()) {
      expect(taken.counts.not_routed.length).toBeLessThanOrEqual(500);
      total += taken.counts.not_routed.reduce((sum, { count }) => sum + count, 0);
    }
    expect(total).toBe(5_000);
  });

  test('tell a bounded number of invented kinds apart over a life, and every kind that is known', () => {
    const refusals = new Refusals();
    const told = new Set<string>();
    for (let n = 0; n < 5_000; n++) {
      refusals.addNotRouted('c', `id-${n}`);
      for (const { kind } of refusals.take().counts!.not_routed) told.add(kind);
    }
    expect(told.size).toBeLessThanOrEqual(1_001);
    refusals.addNotRouted('c', 'id-0');
    refusals.addNotRouted('c', 'market_tick');
    refusals.addNotRouted('c', 'another');
    expect(refusals.take().counts?.not_routed.map(({ kind }) => kind)).toEqual(['id-0', 'market_tick', 'other']);
  });
});

describe('what an answer means', () => {
  const taken = { server_at_ms: 5, topics: { daily: { accepted: 1, duplicates: 0, head: 1 } } };
  test.each([
    [{ status: 200, body: taken }, 'taken'],
    [{ status: 200, body: { topics: { daily: { error: 'down', retry: true } } } }, 'retry'],
    [{ status: 200, body: { topics: {} } }, 'retry'],
    [{ status: 200, body: 'hello' }, 'retry'],
    [{ status: 200, body: undefined }, 'retry'],
    [{ failure: 'timeout' }, 'retry'],
    ...[301, 400, 401, 403, 404, 408, 429, 500, 503].map(status => [{ status, body: null }, 'retry'] as const),
    [{ status: 413, body: { detail: 'too large' } }, 'refused'],
    [{ status: 422, body: null }, 'refused'],
  ] as const)('%j: %s', (result, verdict) => {
    expect(judge(result, 'daily').verdict).toBe(verdict);
  });

  test('says why', () => {
    expect(judge({ status: 422, body: { detail: 'events.3: bad' } }, 'daily')).toMatchObject({
      why: '422: events.3: bad',
    });
    expect(judge({ status: 200, body: { topics: { daily: { error: 'down', retry: true } } } }, 'daily')).toMatchObject({
      why: '200: down',
    });
    expect(judge({ status: 500, body: 'x' }, 'daily')).toMatchObject({ why: '500' });
  });

  test("carries the Worker's clock when it says it", () => {
    expect(serverTimeOf({ status: 200, body: taken })).toBe(5);
    expect(serverTimeOf({ status: 401, body: { server_at_ms: 'x' } })).toBeNull();
    expect(serverTimeOf({ failure: 'x' })).toBeNull();
  });
});

test('a fifo gives back what it got, in order, over any length', () => {
  const fifo = new Fifo<number>();
  expect(fifo.shift()).toBeUndefined();
  for (let n = 0; n < 5_000; n++) fifo.push(n);
  for (let n = 0; n < 5_000; n++) expect([fifo.length, fifo.peek(), fifo.shift()]).toEqual([5_000 - n, n, n]);
  fifo.push(7);
  expect(fifo.shift()).toBe(7);
});
