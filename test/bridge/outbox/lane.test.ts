import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lane } from '../../../bridge/outbox/lane.ts';
import type { Subscription } from '../../../bridge/outbox/subscription.ts';
import type { IngestBatch, Reject } from '../../../shared/ingest-protocol.ts';
import { HEARTBEAT_MS, MAX_BATCH_BYTES, MAX_BATCH_EVENTS } from '../../../shared/limits.ts';
import { due, idsOf, pastHeartbeat, queued, takeAll } from './support.ts';

const newLane = () => pastHeartbeat(new Lane('daily', 'bridge-1'));
const reject: Reject = { channel: 'c', reason: 'bad_json', sample: '{', at: '2026-11-20T00:00:00.000Z' };

describe('batches', () => {
  test('what comes in during a request is the next batch', () => {
    const lane = newLane();
    lane.add(queued(1));
    expect(idsOf(due(lane))).toEqual([1]);
    lane.add(queued(2));
    lane.add(queued(3));
    expect(idsOf(due(lane))).toEqual([1]);
    lane.taken();
    expect(idsOf(due(lane))).toEqual([2, 3]);
    lane.taken();
    expect(due(lane)).toBeNull();
  });

  test('carry the lane, the bridge and rising numbers', () => {
    const lane = new Lane('combo', 'bridge-1');
    lane.add(queued(1));
    const first = due(lane, 5)!;
    expect(first).toMatchObject({ bridge_id: 'bridge-1', topic: 'combo', batch_id: 1, sent_at_ms: 5 });
    lane.taken();
    lane.add(queued(2));
    expect(due(lane)?.batch_id).toBe(2);
  });

  test('are the same when tried again', () => {
    const lane = newLane();
    lane.add(queued(1));
    const first = lane.next(1, () => expect.unreachable());
    lane.add(queued(2));
    const again = lane.next(99, () => expect.unreachable())!;
    expect(again).toEqual({ ...first!, body: first!.body.replace('"sent_at_ms":1,', '"sent_at_ms":99,') });
    expect(first).toMatchObject({ oldestMs: 1, events: 1 });
  });

  test('hold so many events and bytes at most, but always one event', () => {
    const lane = newLane();
    for (let n = 0; n < MAX_BATCH_EVENTS + 1; n++) lane.add(queued(n));
    lane.add(queued(1000, 1000, MAX_BATCH_BYTES));
    for (const n of [1001, 1002, 1003]) lane.add(queued(n, n, MAX_BATCH_BYTES / 3));
    const sizes: number[] = [];
    for (
      let batch = lane.next(0, () => expect.unreachable());
      batch;
      batch = lane.next(0, () => expect.unreachable())
    ) {
      if (batch.events > 1) expect(batch.body.length).toBeLessThanOrEqual(MAX_BATCH_BYTES);
      sizes.push(batch.events);
      lane.taken();
    }
    expect(sizes).toEqual([MAX_BATCH_EVENTS, 1, 1, 2, 1]);
  });

  test('of rejects leave no room beyond the bytes of a request', () => {
    const lane = newLane();
    for (let n = 0; n < 200; n++) lane.refusals.addReject({ ...reject, sample: '\u0000'.repeat(2048) });
    for (let n = 0; n < 3; n++) lane.add(queued(n, n, MAX_BATCH_BYTES / 3));
    const batch = lane.next(0, () => expect.unreachable())!;
    expect(batch.body.length).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    expect(batch.events).toBe(2);
  });

  test('count what waits until it is taken', () => {
    const lane = newLane();
    const event = queued(1);
    lane.add(event);
    due(lane);
    expect([lane.events, lane.bytes]).toEqual([1, event.bytes]);
    lane.taken();
    expect([lane.events, lane.bytes]).toEqual([0, 0]);
  });

  test('cannot be settled when there is none', () => {
    expect(() => newLane().taken()).toThrow('lane daily has no batch');
  });
});

describe('heartbeats', () => {
  test('are due at the start and at the interval, alone or in a batch that is due anyway', () => {
    const lane = new Lane('daily', 'b');
    expect(due(lane, 1_000)?.heartbeat?.at_ms).toBe(1_000);
    lane.taken();
    expect(lane.beatDueInMs(1_001)).toBe(HEARTBEAT_MS - 1);
    lane.add(queued(1));
    expect(due(lane, 1_001)?.heartbeat).toBeUndefined();
    lane.taken();
    lane.add(queued(2));
    expect(due(lane, 1_000 + HEARTBEAT_MS)).toMatchObject({ heartbeat: {}, events: [{}] });
  });

  test('are due at once when something changed', () => {
    const lane = newLane();
    lane.beatSoon();
    expect(due(lane)?.heartbeat).toBeDefined();
  });
});

describe('a refused batch', () => {
  test('is halved under rising numbers, in order, before anything new', () => {
    const lane = newLane();
    for (let n = 1; n <= 4; n++) lane.add(queued(n));
    const seen: number[][] = [];
    const ids: number[] = [];
    const givenUp: unknown[] = [];
    for (let batch = due(lane); batch; batch = due(lane)) {
      seen.push(idsOf(batch));
      ids.push(batch.batch_id);
      if (seen.length === 1) lane.add(queued(5));
      if (idsOf(batch).includes(3)) givenUp.push(lane.refused('at'));
      else lane.taken();
    }
    expect(seen).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [4], [5]]);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
    expect(givenUp.filter(Boolean)).toMatchObject([
      { what: 'event', reject: { channel: 'c', reason: 'refused_by_edge', at: 'at' } },
    ]);
    expect(lane.events).toBe(0);
  });

  test('of one event and more is tried apart', () => {
    const lane = newLane();
    lane.add(queued(1));
    lane.refusals.addReject(reject);
    due(lane);
    expect(lane.refused('at')).toBeNull();
    expect(due(lane)).toMatchObject({ events: [], rejects: [reject] });
    lane.taken();
    expect(due(lane)).toMatchObject({ events: [{ id: '1' }], rejects: [] });
  });

  test('without events is tried in parts: gaps and coverage first, then counts, then the heartbeat', () => {
    const lane = newLane();
    lane.begin({ fromMs: 5, confirmedMs: 9 });
    lane.add(queued(1));
    lane.dropOldest();
    lane.refusals.addProbe();
    const whole = due(lane)!;
    lane.refused('at');
    const parts = takeAll(lane);
    expect(parts).toMatchObject([
      { covers: whole.covers, gaps: whole.gaps },
      { covers: null, gaps: [], counts: { probes: 1 } },
      { covers: null, gaps: [], heartbeat: whole.heartbeat },
    ]);
    expect(parts.map(part => 'counts' in part)).toEqual([false, true, false]);
    expect(parts.map(part => 'heartbeat' in part)).toEqual([false, false, true]);
  });

  test('whose heartbeat is what is refused still tells its gap, its coverage and its events', () => {
    const lane = new Lane('daily', 'b');
    lane.begin({ fromMs: 5, confirmedMs: 9 });
    for (const n of [1, 2, 3]) lane.add(queued(n));
    lane.dropOldest();
    const taken: IngestBatch[] = [];
    const givenUp: unknown[] = [];
    for (let batch = due(lane); batch; batch = due(lane)) {
      if (batch.heartbeat) givenUp.push(lane.refused('at'));
      else {
        taken.push(batch);
        lane.taken();
      }
    }
    expect(taken.flatMap(batch => batch.gaps)).toEqual([{ from_ms: 1, to_ms: 1, reason: 'outbox_overflow' }]);
    expect(taken.flatMap(idsOf)).toEqual([2, 3]);
    expect(taken.at(-1)?.covers).toEqual({ from_ms: 5, to_ms: 9 });
    expect(givenUp.filter(Boolean)).toEqual([{ what: 'heartbeat' }]);
  });

  test('of a heartbeat alone still tells what is covered', () => {
    const lane = newLane();
    lane.begin({ fromMs: 5, confirmedMs: 9 });
    due(lane);
    lane.refused('at');
    expect(due(lane)).toMatchObject({ covers: { from_ms: 5, to_ms: 9 } });
    lane.taken();
    due(lane);
    expect(lane.refused('at')).toEqual({ what: 'heartbeat' });
    expect(due(lane)).toBeNull();
  });

  test('of a gap alone gives the gap up, and says so', () => {
    const lane = newLane();
    lane.add(queued(1));
    lane.dropOldest();
    const [gap] = due(lane)!.gaps;
    expect(lane.refused('at')).toEqual({ what: 'gap', gaps: [gap] });
    expect(due(lane)).toBeNull();
  });

  test('of counts keeps them for the next, with what has been counted since', () => {
    const lane = newLane();
    for (let n = 0; n < 101; n++) lane.refusals.addReject(reject);
    lane.refusals.addProbe();
    lane.refusals.addNotRouted('c', 'indicator');
    due(lane);
    expect(lane.refused('at')).toBeNull();
    expect(due(lane)).toBeNull();
    lane.refusals.addProbe();
    lane.refusals.addNotRouted('c', 'indicator');
    lane.beatSoon();
    expect(due(lane)?.counts).toEqual({
      rejected: [{ channel: 'c', reason: 'bad_json', count: 101 }],
      not_routed: [{ channel: 'c', kind: 'indicator', count: 2 }],
      probes: 2,
    });
  });

  test('of rejects alone leaves their count', () => {
    const lane = newLane();
    lane.refusals.addReject(reject);
    due(lane);
    expect(lane.refused('at')).toBeNull();
    expect(due(lane)).toBeNull();
    lane.beatSoon();
    expect(due(lane)).toMatchObject({
      rejects: [],
      counts: { rejected: [{ channel: 'c', reason: 'bad_json', count: 1 }] },
    });
  });
});

describe('coverage', () => {
  const open = (lane: Lane, fromMs: number, confirmedMs = fromMs): Subscription => {
    const subscription = { fromMs, confirmedMs };
    lane.begin(subscription);
    return subscription;
  };

  test('is none before the first subscription', () => {
    const lane = newLane();
    lane.add(queued(1));
    expect(due(lane)?.covers).toBeNull();
  });

  test('reaches to the last sign of life when nothing is left, else to before the first event left was published', () => {
    const lane = newLane();
    open(lane, 100, 5_000);
    for (let n = 0; n < MAX_BATCH_EVENTS + 1; n++) lane.add(queued(n, 2_000 + n));
    expect(takeAll(lane).map(batch => batch.covers)).toEqual([
      // It may have been on its way from Redis for a second.
      { from_ms: 100, to_ms: 1_000 + MAX_BATCH_EVENTS },
      { from_ms: 100, to_ms: 5_000 },
    ]);
  });

  test('does not reach past the last sign of life, whenever the last event came by another way', () => {
    const lane = newLane();
    open(lane, 100, 500);
    for (let n = 0; n < MAX_BATCH_EVENTS + 1; n++) lane.add(queued(n, 2_000 + n));
    expect(takeAll(lane).map(batch => batch.covers?.to_ms)).toEqual([500, 500]);
  });

  test('of halves is that of what they hold, whatever was received since', () => {
    const lane = newLane();
    const subscription = open(lane, 100, 2_000);
    lane.add(queued(1, 1_501));
    lane.add(queued(2, 1_502));
    due(lane);
    lane.refused('at');
    subscription.confirmedMs = 9_000;
    lane.add(queued(3, 8_000));
    expect(takeAll(lane).map(batch => [idsOf(batch), batch.covers?.to_ms])).toEqual([
      [[1], 502],
      [[2], 2_000],
      [[3], 9_000],
    ]);
  });

  test('never mixes two subscriptions, and tells the end of one even without events', () => {
    const lane = newLane();
    const first = open(lane, 100);
    lane.add(queued(1, 150));
    first.confirmedMs = 200;
    lane.begin(null);
    lane.add(queued(2, 250));
    const second = open(lane, 300);
    second.confirmedMs = 400;
    open(lane, 500);
    lane.add(queued(3, 550));
    expect(takeAll(lane).map(batch => [idsOf(batch), batch.covers])).toEqual([
      [[1], { from_ms: 100, to_ms: 200 }],
      [[2], null],
      [[], { from_ms: 300, to_ms: 400 }],
      [[3], { from_ms: 500, to_ms: 500 }],
    ]);
  });
});

describe('an event that is given up', () => {
  test('is the oldest that is in no batch, and a gap is told until a batch is taken with it', () => {
    const lane = newLane();
    for (let n = 1; n <= 3; n++) lane.add(queued(n, n * 10));
    due(lane);
    lane.add(queued(4, 40));
    lane.add(queued(5, 50));
    lane.add(queued(6, 60));
    expect(lane.oldestToDropMs).toBe(40);
    lane.dropOldest();
    lane.dropOldest();
    lane.taken();
    expect(due(lane)).toMatchObject({
      events: [{ id: '6' }],
      gaps: [{ from_ms: 40, to_ms: 50, reason: 'outbox_overflow' }],
    });
    lane.taken();
    expect(due(lane)).toBeNull();
    expect(lane.oldestToDropMs).toBeNull();
    lane.dropOldest();
    expect(lane.events).toBe(0);
  });
});

test('whatever happens, every event is taken once and in order, refused or in a told gap, and coverage is true', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 700 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), count: fc.integer({ min: 1, max: 30 }) }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom({ do: 'open' as const }, { do: 'close' as const }, { do: 'confirm' as const }),
    },
    {
      weight: 8,
      arbitrary: fc.constantFrom({ do: 'take' as const }, { do: 'retry' as const }, { do: 'refuse' as const }),
    },
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1 }),
      (steps, ticks) => {
        const lane = new Lane('daily', 'b');
        const world = new World(lane, ticks);
        for (const action of steps) world.act(action);
        for (let n = 0; due(lane, world.nowMs) && n < 5_000; n++) world.act({ do: 'take' });
        world.check();
      },
    ),
    { numRuns: 150 },
  );
});

/** Drives a lane and remembers what happened to each event. */
class World {
  nowMs = 1_000;
  readonly #lane: Lane;
  readonly #ticks: number[];
  #next = 0;
  #subscription: Subscription | null = null;
  readonly #events: { receivedAtMs: number; subscription: Subscription | null }[] = [];
  readonly #taken: number[] = [];
  readonly #gone = new Set<number>();
  readonly #refused = new Set<number>();
  #lastBatchId = 0;
  readonly #gaps: { from_ms: number; to_ms: number }[] = [];

  constructor(lane: Lane, ticks: number[]) {
    this.#lane = lane;
    this.#ticks = ticks;
  }

  act(action: {
    do: 'add' | 'drop' | 'open' | 'close' | 'confirm' | 'take' | 'retry' | 'refuse';
    count?: number;
  }): void {
    this.nowMs += this.#ticks[this.#next++ % this.#ticks.length]!;
    switch (action.do) {
      case 'add':
        for (let i = 0; i < action.count!; i++) {
          this.#lane.add(queued(this.#events.length, this.nowMs));
          this.#events.push({ receivedAtMs: this.nowMs, subscription: this.#subscription });
          if (i % 7 === 0) this.nowMs++;
        }
        if (this.#subscription) this.#subscription.confirmedMs = this.nowMs;
        return;
      case 'drop':
        for (let i = 0; i < action.count!; i++) this.#lane.dropOldest();
        return;
      case 'open':
        this.#subscription = { fromMs: this.nowMs, confirmedMs: this.nowMs };
        this.#lane.begin(this.#subscription);
        return;
      case 'close':
        this.#subscription = null;
        this.#lane.begin(null);
        return;
      case 'confirm':
        if (this.#subscription) this.#subscription.confirmedMs = this.nowMs;
        return;
      default:
        this.#post(action.do);
    }
  }

  #post(answer: 'take' | 'retry' | 'refuse'): void {
    const batch = due(this.#lane, this.nowMs);
    if (!batch || answer === 'retry') return;
    expect(batch.batch_id).toBeGreaterThan(this.#lastBatchId);
    this.#lastBatchId = batch.batch_id;
    if (answer === 'refuse') {
      const givenUp = this.#lane.refused('at');
      if (givenUp?.what === 'event') this.#refused.add(idsOf(batch)[0]!);
      // Told to whoever runs the bridge.
      if (givenUp?.what === 'gap') this.#gaps.push(...givenUp.gaps);
      return;
    }
    this.#taken.push(...idsOf(batch));
    this.#gaps.push(...batch.gaps);
    this.#lane.taken();
    if (!batch.covers) return;
    const { from_ms, to_ms } = batch.covers;
    this.#events.forEach(({ receivedAtMs, subscription }, n) => {
      // A gap begins with the last millisecond that is covered: what comes later within it is told, should it be lost.
      if (subscription?.fromMs !== from_ms || receivedAtMs >= to_ms) return;
      // What is not with the hub by now may only come in a gap.
      if (!this.#taken.includes(n)) this.#gone.add(n);
    });
    for (const n of idsOf(batch)) expect(this.#events[n]!.subscription?.fromMs).toBe(from_ms);
  }

  check(): void {
    expect(this.#taken).toEqual(this.#taken.toSorted((a, b) => a - b));
    expect(new Set(this.#taken).size).toBe(this.#taken.length);
    const taken = new Set(this.#taken);
    this.#events.forEach(({ receivedAtMs }, n) => {
      if (taken.has(n)) {
        expect(this.#gone.has(n) || this.#refused.has(n)).toBe(false);
        return;
      }
      const told = this.#gaps.some(gap => gap.from_ms <= receivedAtMs && receivedAtMs <= gap.to_ms);
      expect(told || this.#refused.has(n)).toBe(true);
    });
    expect(this.#lane.events).toBe(0);
    expect(this.#lane.bytes).toBe(0);
  }
}
