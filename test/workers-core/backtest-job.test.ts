import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { backtestSchema } from '../../shared/api/backtests.ts';
import { BACKTEST_FIGURES, BACKTEST_LIMITS, type BacktestState } from '../../shared/backtests.ts';
import type { BacktestEvent } from '../../shared/events.ts';
import { type BacktestRequest, backtestRequestSchema } from '../../shared/requests/backtests.ts';
import {
  advanced,
  type BacktestDelivery,
  cancelling,
  isRemovable,
  type KeptBacktest,
  newBacktest,
  sent,
  shown,
} from '../../workers/core/backtest-job.ts';
import { readCurve } from '../../workers/core/equity-curve.ts';
import { otherEvent } from '../shared/samples.ts';

const JOB = 'backtest_1795205203_0a1b2c3d';
const NOW_MS = Date.UTC(2026, 10, 20, 15);
const wish = { symbols: ['nvda', 'BRK.B'], start_date: '2025-01-01', end_date: '2025-12-31', patterns: ['Doji'] };
const request: BacktestRequest = backtestRequestSchema.parse(wish);
const queued = sent(newBacktest(JOB, request, NOW_MS), 1);
let made = 0;

const common = (changes: object) => ({
  id: `id-${++made}`,
  job_id: JOB,
  status: null,
  hops: { bridge_at_ms: NOW_MS + made },
  time_origin: 'received',
  ...changes,
});
const progress = (changes: object = {}) =>
  otherEvent(
    'backtest_progress',
    common({ progress: null, current_symbol: null, processed_symbols: null, estimated_completion: null, ...changes }),
  ) as unknown as BacktestEvent;
const result = (changes: object = {}) =>
  otherEvent(
    'backtest_result',
    common({
      ...Object.fromEntries(BACKTEST_FIGURES.map(name => [name, null])),
      message: null,
      processing_time_seconds: null,
      data: {},
      ...changes,
    }),
  ) as unknown as BacktestEvent;
const gap = (from: string, to: string): BacktestDelivery => {
  return { kind: 'gap', job_id: JOB, from, to, reason: 'redis_disconnected' };
};
const taken = (deliveries: readonly BacktestDelivery[], job: KeptBacktest = queued) =>
  deliveries.reduce((before, delivery) => advanced(before, delivery) ?? before, job);

describe('what is asked for', () => {
  it('has its symbols in capitals, and the default of each parameter that is left out', () => {
    expect(request).toMatchObject({
      symbols: ['NVDA', 'BRK.B'],
      parameters: { initial_capital: 100_000, max_position_size: 0.1, stop_loss_pct: 0.05 },
    });
    const { parameters } = backtestRequestSchema.parse({ ...wish, parameters: { stop_loss_pct: null } });
    expect(parameters).toMatchObject({ stop_loss_pct: null, take_profit_pct: 0.1 });
  });

  const many = (count: number) => Array.from({ length: count }, (_, i) => `S${i}`);
  test.each([
    [{ symbols: [] }, 'symbols'],
    [{ symbols: many(51) }, 'symbols'],
    [{ symbols: ['A', 'a'] }, 'symbols'],
    [{ symbols: ['x'.repeat(21)] }, 'symbols.0'],
    [{ symbols: ['\u0000'] }, 'symbols.0'],
    [{ patterns: [] }, 'patterns'],
    [{ patterns: [' '] }, 'patterns.0'],
    [{ patterns: many(51) }, 'patterns'],
    [{ start_date: '2025-02-30' }, 'start_date'],
    [{ start_date: 20250101 }, 'start_date'],
    [{ end_date: '2024-12-31' }, 'end_date'],
    [{ parameters: { initial_capital: 0 } }, 'parameters.initial_capital'],
    [{ parameters: { commission_rate: 0.11 } }, 'parameters.commission_rate'],
    [{ parameters: { max_position_size: null } }, 'parameters.max_position_size'],
    [{ parameters: { take_profit_pct: '0.1' } }, 'parameters.take_profit_pct'],
    [{ parameters: { leverage: 2 } }, 'parameters'],
    [{ user_id: 'somebody else' }, ''],
  ])('%j is refused at %s', (change, field) => {
    const { error } = backtestRequestSchema.safeParse({ ...wish, ...change });
    expect(error?.issues[0]?.path.join('.')).toBe(field);
  });
});

describe('a backtest', () => {
  it('runs once something is heard of it, also when nobody knows whether it was handed over', () => {
    expect(queued).toMatchObject({ state: 'queued', receivers: 1, heard_at: null, progress: null });
    const unsent = newBacktest(JOB, request, NOW_MS);
    for (const job of [queued, unsent]) {
      expect(taken([progress({ progress: 0.25, current_symbol: 'NVDA', status: 'processing' })], job)).toMatchObject({
        state: 'running',
        progress: 0.25,
        current_symbol: 'NVDA',
        status: 'processing',
      });
    }
    expect(sent(taken([progress()], unsent), 0)).toMatchObject({ state: 'running', receivers: 0 });
  });

  test.each<[string | null, object, BacktestState]>([
    ['completed', {}, 'completed'],
    ['SUCCESS', {}, 'completed'],
    ['failed', { message: 'no data' }, 'failed'],
    ['error', { roi: 0.1 }, 'failed'],
    ['canceled', {}, 'cancelled'],
    ['whatever', { roi: 0.1 }, 'completed'],
    [null, { message: 'no data' }, 'failed'],
  ])('with the result %j %j is %s', (status, changes, state) => {
    const job = taken([progress({ progress: 0.5 }), result({ status, ...changes })]);
    expect(job).toMatchObject({ state, progress: 0.5, message: (changes as { message?: string }).message ?? null });
    expect(job.ended_at).not.toBeNull();
    expect(job.results === null).toBe(!('roi' in changes));
    expect(backtestSchema.parse(shown(job))).toEqual(shown(job));
  });

  it('that was asked to stop goes on being so until it ends', () => {
    const asked = cancelling(queued, NOW_MS + 1);
    expect(asked).toMatchObject({ state: 'cancelling', cancel_requested_at: new Date(NOW_MS + 1).toISOString() });
    expect(cancelling(asked, NOW_MS + 9)).toEqual(asked);
    const going = taken([progress({ progress: 0.5 })], asked);
    expect(going).toMatchObject({ state: 'cancelling', progress: 0.5 });
    const ended = taken([result({ status: 'cancelled' })], going);
    expect(ended.state).toBe('cancelled');
    expect(cancelling(ended, NOW_MS + 9)).toBe(ended);
  });

  it('ends with a progress that says so, and takes the result all the same', () => {
    const done = taken([progress({ progress: 1, status: 'completed' })]);
    expect(done.state).toBe('completed');
    expect(taken([result({ status: 'completed', roi: 0.2 })], done).results).toMatchObject({ roi: 0.2 });
  });

  it('keeps the last time of which something may be missing, while it is under way', () => {
    const [first, second] = [
      gap('2026-11-20T15:00:00.000Z', '2026-11-20T15:00:05.000Z'),
      gap('2026-11-20T15:01:00.000Z', '2026-11-20T15:01:05.000Z'),
    ];
    const missed = { from: '2026-11-20T15:01:00.000Z', to: '2026-11-20T15:01:05.000Z', reason: 'redis_disconnected' };
    expect(taken([first, second, first]).missed).toEqual(missed);
    expect(taken([result({ status: 'completed' }), first]).missed).toBeNull();
  });

  it('that is said again to be as far is heard of, now and then', () => {
    const [said, again, late] = [0, 9_999, 10_000].map(ms => {
      return { ...progress({ progress: 0.5 }), id: 'same', hops: { bridge_at_ms: NOW_MS + ms } };
    }) as [BacktestEvent, BacktestEvent, BacktestEvent];
    const job = taken([said]);
    expect(advanced(job, again)).toBeNull();
    expect(advanced(job, late)).toEqual({ ...job, heard_at: new Date(NOW_MS + 10_000).toISOString() });
  });

  test.each([
    ['unsent', newBacktest(JOB, request, NOW_MS), true],
    ['queued', queued, false],
    ['handed to nobody', sent(newBacktest(JOB, request, NOW_MS), 0), true],
    ['running', taken([progress()]), false],
    ['just asked to stop', cancelling(queued, NOW_MS), false],
    ['asked to stop a minute ago', cancelling(queued, NOW_MS - 60_000), true],
    ['ended', taken([result({ status: 'failed' })]), true],
  ])('that is %s can be taken from the list: %3$s', (_, job, isGone) => {
    expect(isRemovable(job as KeptBacktest, NOW_MS)).toBe(isGone);
  });
});

describe('whatever comes twice, late, or in another order', () => {
  const steps = Array.from({ length: 12 }, (_, i) => progress({ progress: (i + 1) / 12, processed_symbols: i + 1 }));
  const last = result({ status: 'completed', roi: 0.1 });
  const shuffled = fc
    .array(fc.nat(steps.length - 1), { maxLength: 40 })
    .map(extra => [...steps, ...extra.map(i => steps[i]!)])
    .chain(all => fc.shuffledSubarray(all, { minLength: all.length }));

  it('a progress never goes back, and the furthest stands', () => {
    fc.assert(
      fc.property(shuffled, deliveries => {
        let furthest = 0;
        let job = queued;
        for (const delivery of deliveries) {
          job = advanced(job, delivery) ?? job;
          expect(job.progress).toBeGreaterThanOrEqual(furthest);
          furthest = job.progress!;
        }
        expect(job).toMatchObject({ state: 'running', progress: 1, processed_symbols: 12 });
      }),
    );
  });

  it('a result stands against every progress, and itself', () => {
    fc.assert(
      fc.property(shuffled, fc.nat(40), (deliveries, at) => {
        const cut = deliveries.slice(0, at);
        const ended = taken([...cut, last]);
        expect(ended).toMatchObject({ state: 'completed', results: { roi: 0.1 } });
        expect(taken([...deliveries, last, ...deliveries], ended)).toBe(ended);
      }),
    );
  });
});

describe('a curve', () => {
  test.each([
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [
      [
        ['2025-01-02', 1.5],
        ['2025-01-03', 2],
      ],
      [1.5, 2],
    ],
    [
      [{ date: '2025-01-02', equity: 1 }, { timestamp: 5, value: 2 }, { balance: 3 }],
      [1, 2, 3],
    ],
  ])('%j is read', (points, values) => {
    expect(readCurve(points)).toEqual({ points: values.length, values });
  });

  test.each([
    [undefined],
    [null],
    ['1,2'],
    [[]],
    [[1]],
    [[1, null]],
    [[1, '2']],
    [[[1, 2, 3], 4]],
    [[{ date: 'x' }, 1]],
    [[{ equity: '1' }, 1]],
    [[Number.NaN, 1]],
  ])('%j is none', points => {
    expect(readCurve(points)).toBeNull();
  });

  it('with many points is thinned, from its first to its last', () => {
    const points = Array.from({ length: 5_000 }, (_, i) => i);
    const curve = readCurve(points)!;
    expect(curve).toMatchObject({ points: 5_000 });
    expect(curve.values).toHaveLength(BACKTEST_LIMITS.max_curve_points);
    expect([curve.values[0], curve.values.at(-1)]).toEqual([0, 4_999]);
  });
});
