import { describe, expect, test } from 'vitest';
import { type BacktestEvent, ingestEventSchema } from '../../../shared/events.ts';
import { RECEIVED_AT_MS, readEvent, reasonOf } from './support.ts';

const PROGRESS = 'tickstock.events.backtesting.progress';
const RESULTS = 'tickstock.events.backtesting.results';
const progress = {
  event_type: 'backtest_progress',
  job_id: 'backtest_1795205203_0a1b2c3d',
  progress: 0.5,
  status: 'processing',
  current_symbol: 'NVDA',
  processed_symbols: 3,
  estimated_completion: '2026-11-20T15:31:00Z',
};
const figures = {
  win_rate: 0.58,
  total_trades: 120,
  winning_trades: 70,
  roi: 0.124,
  sharpe_ratio: 1.4,
  max_drawdown: 0.08,
  duration_days: 365,
};
const result = {
  event_type: 'backtest_result',
  job_id: progress.job_id,
  status: 'completed',
  results: figures,
  processing_time_seconds: 12.5,
};

describe('progress', () => {
  const fields = { ...progress, event_type: undefined, estimated_completion: '2026-11-20T15:31:00.000Z' };
  const { event_type, ...body } = progress;

  test.each([
    ['flat', progress, PROGRESS, 'flat'],
    ['by its word alone, on another channel', progress, 'tickstock.events.patterns', 'flat'],
    ['by its channel alone', body, PROGRESS, 'flat'],
    ['under a word nobody knows', { ...body, event_type: 'job_update' }, PROGRESS, 'flat'],
    ['in data', { event_type, data: body }, PROGRESS, 'nested'],
    ['in payload', { event: event_type, payload: body }, PROGRESS, 'payload'],
    [
      'with the job outside',
      { event_type, job_id: body.job_id, data: { ...body, job_id: undefined } },
      PROGRESS,
      'nested',
    ],
  ])('is read %s', (_, message, channel, shape) => {
    const { event_type: _word, ...read } = fields;
    expect(readEvent(message, channel)).toMatchObject({ kind: 'backtest_progress', shape, ...read });
  });

  test.each([
    [0, 0],
    [1, 1],
    [45, 0.45],
    [100, 1],
    [101, null],
    [-0.1, null],
    ['0.5', null],
    [undefined, null],
  ])('%j is a progress of %j, and is kept when it is told otherwise', (sent, read) => {
    const event = readEvent({ ...progress, progress: sent }, PROGRESS);
    expect(event).toMatchObject({ progress: read });
    expect(event.data.progress).toEqual(sent === read ? undefined : sent);
  });

  test('is of the time that it says, else of its receipt, and the same twice has one id', () => {
    expect(readEvent({ ...progress, timestamp: 1_795_205_204 }, PROGRESS)).toMatchObject({
      detected_at: '2026-11-20T20:06:44.000Z',
      time_origin: 'epoch',
    });
    const received = readEvent(progress, PROGRESS);
    expect(received).toMatchObject({
      detected_at: new Date(RECEIVED_AT_MS).toISOString(),
      time_origin: 'received',
    });
    expect(readEvent({ data: progress, event_type }, PROGRESS).id).toBe(received.id);
    const others = [{ progress: 0.6 }, { job_id: 'other' }, { current_symbol: 'TSLA' }, { eta: 1 }, { timestamp: 1e9 }];
    const ids = others.map(change => readEvent({ ...progress, ...change }, PROGRESS).id);
    expect(new Set([received.id, ...ids]).size).toBe(others.length + 1);
  });
});

describe('a result', () => {
  const { results: _, ...around } = result;

  test.each([
    ['with its figures apart', result, 'flat'],
    ['with its figures flat', { ...around, ...figures }, 'flat'],
    ['in data', { event_type: 'backtest_result', data: { ...around, results: figures } }, 'nested'],
    ['by its channel alone', { ...around, event_type: undefined, results: figures }, 'flat'],
    ['under the plural', { ...result, event_type: 'backtest_results' }, 'flat'],
  ])('is read %s', (_name, message, shape) => {
    expect(readEvent(message, RESULTS)).toMatchObject({
      kind: 'backtest_result',
      job_id: result.job_id,
      shape,
      status: 'completed',
      message: null,
      ...figures,
      processing_time_seconds: 12.5,
    });
  });

  test.each(['error', 'error_message', 'message', 'reason'])('that failed says why, in %s', key => {
    const event = readEvent({ ...around, status: 'failed', [key]: 'no data for XYZ', results: null }, RESULTS);
    expect(event).toMatchObject({ status: 'failed', message: 'no data for XYZ', win_rate: null, roi: null });
    expect(event.data).toEqual({ event_type: 'backtest_result', results: null });
  });

  test('keeps what has no field, and figures that are none', () => {
    const sent = { ...figures, win_rate: 'n/a', equity_curve: [1, 2] };
    const event = readEvent({ ...result, results: sent, error: { code: 3 } }, RESULTS) as BacktestEvent;
    expect(event).toMatchObject({ win_rate: null, roi: 0.124, message: null });
    expect(event.data).toEqual({
      event_type: 'backtest_result',
      win_rate: 'n/a',
      equity_curve: [1, 2],
      error: { code: 3 },
    });
  });
});

test.each([
  [{ event_type: 'backtest_progress', progress: 0.5 }, PROGRESS, 'missing_job_id'],
  [{ ...progress, job_id: ' ' }, PROGRESS, 'missing_job_id'],
  [{ ...progress, job_id: null }, PROGRESS, 'missing_job_id'],
  [{ ...progress, job_id: { id: 1 } }, PROGRESS, 'missing_job_id'],
  [{ ...progress, job_id: 'x'.repeat(101) }, PROGRESS, 'bad_shape'],
  [{ ...result, job_id: undefined }, RESULTS, 'missing_job_id'],
  [{ event_type: 'backtest_result', data: 'nothing' }, RESULTS, 'bad_shape'],
  [[1], RESULTS, 'bad_shape'],
  ['{', RESULTS, 'bad_json'],
  [{}, PROGRESS, 'missing_job_id'],
])('%j is refused', (message, channel, reason) => {
  expect(reasonOf(message, channel)).toBe(reason);
});

test('what is read passes the schema that the Worker checks it by', () => {
  for (const [message, channel] of [
    [progress, PROGRESS],
    [{ job_id: 1 }, PROGRESS],
    [result, RESULTS],
    [{ job_id: 1, status: null }, RESULTS],
  ] as const) {
    expect(ingestEventSchema.safeParse(readEvent(message, channel)).error).toBeUndefined();
  }
});

test('a number names a job as well as text', () => {
  expect(readEvent({ ...progress, job_id: 17 }, PROGRESS)).toMatchObject({ job_id: '17', data: { job_id: 17 } });
});
