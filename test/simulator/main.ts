/**
 * Stands in for TickStockPL: publishes what it would, and takes backtests, on Redis or, without a Redis URL, to and from
 * the parent process. Ends by itself when the process that started it is gone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createBacktests } from './backtests.ts';
import { readConfig, type SimulatorConfig } from './config.ts';
import { jobsOfParent, jobsOnRedis } from './job-source.ts';
import { type Publisher, publishOnRedis, publishToParent } from './publisher.ts';
import { createStream } from './stream.ts';

/** How often it publishes what has become due. */
const TICK_MS = 10;
/** Held up for longer than this, it leaves out what was due meanwhile. */
const MAX_LAG_MS = 2_000;

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (stopping = true));
process.on('disconnect', () => (stopping = true));

try {
  const config = readConfig(process.argv.slice(2), process.env);
  if (!config.redisUrl && !process.send) throw new Error('REDIS_URL: required');
  await run(config, config.redisUrl ? publishOnRedis(config.redisUrl) : publishToParent());
} catch (error) {
  console.error(`simulator: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  // An open channel to the parent would keep this process alive.
  if (process.connected) process.disconnect();
}

async function run(
  { redisUrl, seed, patternsPerSecond, durationMs }: SimulatorConfig,
  publisher: Publisher,
): Promise<void> {
  while (!stopping && !publisher.isReady()) await sleep(TICK_MS);
  const startMs = Date.now();
  const stream = createStream({ seed, patternsPerSecond, startMs });
  const backtests = createBacktests();
  const onJob = (channel: string, raw: string) => backtests.take(channel, raw, Date.now());
  const stopJobs = redisUrl ? jobsOnRedis(redisUrl, onJob) : jobsOfParent(onJob);
  let lastMs = startMs;
  while (!stopping && lastMs - startMs < durationMs) {
    const nowMs = Math.min(Date.now(), startMs + durationMs);
    if (nowMs - lastMs > MAX_LAG_MS) stream.skipTo(nowMs);
    await publisher.publish([...stream.until(nowMs), ...backtests.until(nowMs)]);
    lastMs = nowMs;
    await sleep(TICK_MS);
  }
  stopJobs();
  publisher.close();
}
