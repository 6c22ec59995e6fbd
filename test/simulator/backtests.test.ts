import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { normalise } from '../../bridge/normalise/normalise.ts';
import { JOB_CHANNELS } from '../../shared/backtests.ts';
import { DEFAULT_POLICY } from '../../shared/tier-policy.ts';
import { createBacktests } from './backtests.ts';
import type { Message } from './detection.ts';

const START_MS = Date.UTC(2026, 10, 20, 14, 30);
const job = {
  type: 'backtest_job',
  job_id: 'backtest_1795185000_0a1b2c3d',
  symbols: ['NVDA', 'AAPL', 'TSLA'],
  start_date: '2025-01-01',
  end_date: '2025-12-31',
  patterns: ['Doji'],
};

const read = ({ channel, raw }: Message) => {
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
  const [outcome] = normalise({ channel, raw, receivedAtMs: START_MS }, { policy: DEFAULT_POLICY, hash });
  return outcome && 'event' in outcome ? outcome.event : outcome;
};

/** What comes of a job within so long. */
function run(changes: object = {}, forMs = 60_000): ReturnType<typeof read>[] {
  const backtests = createBacktests();
  backtests.take(JOB_CHANNELS.submit, JSON.stringify({ ...job, ...changes }), START_MS);
  return backtests.until(START_MS + forMs).map(read);
}

test('a job is told of at a rhythm, and ends with a result, which the bridge reads', () => {
  const events = run();
  expect(events.length).toBeGreaterThan(5);
  const progress = events.slice(0, -1).map(event => (event as { progress: number }).progress);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  expect(events.at(-1)).toMatchObject({
    kind: 'backtest_result',
    job_id: job.job_id,
    status: 'completed',
    duration_days: 365,
    message: null,
  });
  expect(run({}, 1_000).length).toBeLessThan(5);
  expect(run()).toEqual(events);
});

test('a symbol that nobody knows fails, in words; and so does one request in ten, each time', () => {
  expect(run({ symbols: ['NVDA', 'ZZZZ'] }).at(-1)).toMatchObject({
    status: 'failed',
    message: 'No historical data for symbol ZZZZ',
    roi: null,
  });
  const ends = Array.from({ length: 200 }, (_, i) => run({ patterns: [`P${i}`] }).at(-1));
  const failed = ends.filter(end => (end as { status: string }).status === 'failed').length;
  expect(failed).toBeGreaterThan(5);
  expect(failed).toBeLessThan(40);
});

test('one that is cancelled stops, and says so', () => {
  const backtests = createBacktests();
  backtests.take(JOB_CHANNELS.submit, JSON.stringify(job), START_MS);
  expect(backtests.until(START_MS + 1_000).length).toBeGreaterThan(1);
  backtests.take(JOB_CHANNELS.cancel, JSON.stringify({ job_id: job.job_id }), START_MS + 1_000);
  expect(backtests.until(START_MS + 60_000).map(read)).toMatchObject([{ status: 'cancelled', job_id: job.job_id }]);
});

test('what is no job is left alone', () => {
  const backtests = createBacktests();
  for (const raw of ['{', '[]', '{}', JSON.stringify({ ...job, symbols: [] })]) {
    for (const channel of Object.values(JOB_CHANNELS)) backtests.take(channel, raw, START_MS);
  }
  expect(backtests.until(START_MS + 60_000)).toEqual([]);
});
