import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Child } from '../../bridge/local/child.ts';
import { startSimulator } from '../../bridge/local/simulator.ts';
import { backtestJobSchema } from '../../shared/api/backtests.ts';
import { JOB_CHANNELS } from '../../shared/backtests.ts';
import { eventually } from '../support/eventually.ts';
import { Stack } from '../support/stack.ts';
import { BacktestUser, REQUEST } from './support/backtest-user.ts';

const PROGRESS = 'tickstock.events.backtesting.progress';
const RESULTS = 'tickstock.events.backtesting.results';
let stack: Stack;
let producer: Child | undefined;

beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(async () => {
  await producer?.stop();
  await stack?.stop();
});

const listeners = async () =>
  Number(((await stack.producer.pubsub('NUMSUB', JOB_CHANNELS.submit)) as [string, number])[1]);

it('what is published while the Worker and the bridge are away arrives, once, and at nobody else’s', async () => {
  const subscriber = stack.producer.duplicate();
  const heard: [string, string][] = [];
  subscriber.on('message', (channel, raw) => heard.push([channel, raw]));
  await subscriber.subscribe(...Object.values(JOB_CHANNELS));
  const [user, other] = [await BacktestUser.arrive(stack), await BacktestUser.arrive(stack)];
  const { job_id, receivers } = await user.submit();
  expect(receivers).toBe(1);
  await eventually(() => expect(heard).toHaveLength(1));
  expect(heard[0]![0]).toBe(JOB_CHANNELS.submit);
  expect(backtestJobSchema.parse(JSON.parse(heard[0]![1]))).toMatchObject({ job_id, ...REQUEST });

  await stack.publish(PROGRESS, { event_type: 'backtest_progress', job_id, progress: 0.25, current_symbol: 'NVDA' });
  await user.until(job_id, 'running');
  await stack.edge.stop();
  await stack.publish(PROGRESS, { event_type: 'backtest_progress', job_id, progress: 0.75, current_symbol: 'AAPL' });
  await stack.publish('tickstock.events.patterns', 'not json');
  await stack.publish(RESULTS, { event_type: 'backtest_result', job_id, status: 'completed', results: { roi: 0.1 } });
  // What waits in the bridge is on its disk by the time that it ends.
  await stack.bridge.stop();
  await stack.startEdge();
  await stack.startBridge();
  const done = await user.until(job_id, 'completed');
  expect(done).toMatchObject({ progress: 0.75, current_symbol: 'AAPL', results: { roi: 0.1, win_rate: null } });
  // Nobody was asked to be told of this time, in which more may have been said; the backtest had ended by then.
  expect(done.missed).toBeNull();

  expect((await other.ask('GET')).body.jobs).toEqual([]);
  for (const method of ['GET', 'DELETE']) expect((await other.ask(method, `/${job_id}`)).status).toBe(404);
  expect((await user.ask('DELETE', `/${job_id}`)).body).toEqual({ removed: job_id });
  subscriber.disconnect();
  await eventually(async () => expect(await listeners()).toBe(0));
});

it('runs with progress and result, fails in the producer’s words, and stops when it is asked to', async () => {
  producer = await startSimulator({ redisUrl: stack.redisUrl, patternsPerSecond: 1 });
  await eventually(async () => expect(await listeners()).toBe(1));
  const user = await BacktestUser.arrive(stack);
  const { told, close } = await user.follow();
  const [works, fails, stops] = [
    await user.submit(),
    await user.submit({ symbols: ['AAPL', 'ZZZZ'] }),
    await user.submit({ symbols: ['TSLA'], patterns: ['Hammer'] }),
  ];
  await user.until(stops.job_id, 'running');
  expect(await user.ask('DELETE', `/${stops.job_id}`)).toMatchObject({
    status: 202,
    // The producer may have answered by then.
    body: { job: { state: expect.stringMatching(/^cancell(ing|ed)$/) } },
  });
  expect(await user.until(stops.job_id, 'cancelled')).toMatchObject({ results: null });
  expect(await user.until(fails.job_id, 'failed')).toMatchObject({ message: 'No historical data for symbol ZZZZ' });
  const done = await user.until(works.job_id, 'completed');
  expect(done.results).toMatchObject({ duration_days: 365 });
  expect(done).toMatchObject({ progress: 1, message: null, missed: null });

  // Its session was told of each step as it came, and of nothing after the end.
  await eventually(() => expect(stepsOf(works.job_id).at(-1)).toBe('completed'));
  expect(stepsOf(works.job_id).filter(state => state === 'running').length).toBeGreaterThan(3);
  expect(stepsOf(stops.job_id).at(-1)).toBe('cancelled');
  expect(stepsOf(stops.job_id).filter(state => state === 'cancelled')).toHaveLength(1);
  close();

  function stepsOf(jobId: string): string[] {
    return told.flatMap(frame => (frame.type === 'backtest' && frame.job.job_id === jobId ? [frame.job.state] : []));
  }
});

it('says which job cannot be handed over, and hands it over when Redis is back', async () => {
  await producer?.stop();
  producer = undefined;
  const user = await BacktestUser.arrive(stack);
  await stack.redis.kill();
  const health = async () =>
    (await (await fetch(`http://127.0.0.1:${stack.bridgePort}/healthz`)).json()) as { reasons: string[] };
  await eventually(async () => expect((await health()).reasons.join()).toContain('no job can be published'));
  expect(await user.ask('POST', '', REQUEST)).toMatchObject({ status: 503, body: { title: 'backtests_unreachable' } });
  expect((await user.ask('GET')).body.jobs).toMatchObject([{ state: 'unsent' }]);
  await stack.startRedis();
  await stack.subscribed();
  await eventually(async () => expect((await health()).reasons).toEqual([]));
  expect(await user.submit()).toMatchObject({ state: 'queued', receivers: 0 });
});
