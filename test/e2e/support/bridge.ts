import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Bridge, type BridgeOptions, startBridge } from '../../../bridge/bridge.ts';
import { type BridgeConfig, readConfig } from '../../../bridge/config.ts';
import { createRedis, type TestRedis } from './redis.ts';
import { SECRET, type StandInEdge, startEdge } from './stand-in-edge.ts';

export const DAILY = 'tickstock.events.patterns.daily';

/** A pattern as the producer publishes it; `n` tells it from others. */
export function pattern(n: number, changes: object = {}): object {
  return {
    pattern: 'Doji',
    symbol: 'AAPL',
    confidence: 0.7,
    tier: 'daily',
    timestamp: 1_725_534_600 + n,
    n,
    ...changes,
  };
}

/** The numbers of the patterns among what an edge took. */
export function numbersOf(edge: StandInEdge): number[] {
  return edge.events().flatMap(({ data }) => (typeof data.n === 'number' ? [data.n] : []));
}

/** A bridge between a real Redis and a stand-in for the Worker, all stopped when the test is over. */
export async function startWorld(
  redisOptions: { password?: string } = {},
  changes: (redis: TestRedis) => Partial<BridgeConfig> | Promise<Partial<BridgeConfig>> = () => ({}),
): Promise<{ redis: TestRedis; edge: StandInEdge; bridge: Bridge }> {
  const redis = await createRedis(redisOptions);
  onTestFinished(() => redis.stop());
  await redis.start();
  const edge = await startEdge();
  onTestFinished(() => edge.stop());
  const bridge = await startBridgeTo(edge, { redisUrl: redis.url, ...(await changes(redis)) });
  return { redis, edge, bridge };
}

export async function startBridgeTo(
  edge: StandInEdge,
  changes: Partial<BridgeConfig> = {},
  options: BridgeOptions = {},
): Promise<Bridge> {
  const config = readConfig({
    REDIS_URL: 'redis://127.0.0.1:1',
    WORKER_URL: edge.url,
    INGEST_SECRET: SECRET,
    BRIDGE_PORT: '0',
    LOG_LEVEL: 'silent',
    DATA_DIR: createFolder(),
  });
  const bridge = await startBridge({ ...config, ...changes }, options);
  onTestFinished(() => bridge.stop());
  return bridge;
}

/** A folder of the test's own, removed when it is over. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tickstock-bridge-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
