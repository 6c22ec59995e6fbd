import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Bridge, BridgeOptions } from '../../bridge/bridge.ts';
import type { BridgeConfig } from '../../bridge/config.ts';
import { startChild } from '../../bridge/local/child.ts';
import { createFolder, DAILY, numbersOf, pattern, startBridgeTo } from './support/bridge.ts';
import { createRedis, type TestRedis } from './support/redis.ts';
import { SECRET, type StandInEdge, startEdge } from './support/stand-in-edge.ts';

const wait = { timeout: 15_000, interval: 10 };
const main = fileURLToPath(new URL('../../bridge/main.ts', import.meta.url));
const STREAM = 'patterns';
const GROUP = 'tickstock-edge';
const streams = { [STREAM]: { kind: 'pattern', tier: 'daily', field: 'data' } } as const;
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const unique = (numbers: number[]) => [...new Set(numbers)].toSorted((a, b) => a - b);

interface World {
  redis: TestRedis;
  edge: StandInEdge;
  /** Adds the next patterns to the stream. */
  write: (count: number) => Promise<void>;
  /** How many entries the group has read and not acknowledged. */
  pending: () => Promise<number>;
  startBridge: (changes?: Partial<BridgeConfig>, options?: BridgeOptions) => Promise<Bridge>;
}

async function startWorld(): Promise<World> {
  const redis = await createRedis();
  onTestFinished(() => redis.stop());
  await redis.start();
  const client = redis.client();
  const edge = await startEdge();
  onTestFinished(() => edge.stop());
  let written = 0;
  return {
    redis,
    edge,
    write: async count => {
      for (let i = 0; i < count; i++) await client.xadd(STREAM, '*', 'data', JSON.stringify(pattern(written++)));
    },
    pending: async () => Number(((await client.xpending(STREAM, GROUP)) as [number])[0]),
    startBridge: (changes, options) => startBridgeTo(edge, { redisUrl: redis.url, streams, ...changes }, options),
  };
}

test('what is written while no bridge is there arrives when one is, and is acknowledged', async () => {
  const { edge, write, pending, startBridge } = await startWorld();
  await write(5);
  const bridge = await startBridge();
  await vi.waitUntil(() => numbersOf(edge).length === 5, wait);
  await bridge.stop();
  await write(300);
  const next = await startBridge();
  await vi.waitUntil(() => numbersOf(edge).length === 305, wait);
  expect(numbersOf(edge)).toEqual(upTo(305));
  await vi.waitUntil(async () => (await pending()) === 0, wait);
  expect(next.stats()).toMatchObject({ status: 'ok', openEntries: 0 });
});

test('an entry is acknowledged once the Worker has taken it, and not before', async () => {
  const { redis, edge, write, pending, startBridge } = await startWorld();
  let isUp = false;
  edge.decide = ({ events }) => (isUp || events.length === 0 ? 200 : 503);
  const bridge = await startBridge();
  await write(3);
  await redis.client().xadd(STREAM, '*', 'data', 'not json', 'other', 'x');
  await redis.client().xadd(STREAM, '*', 'other', 'x');
  await vi.waitUntil(() => edge.posts.filter(({ status }) => status === 503).length > 2, wait);
  await vi.waitUntil(() => edge.taken('system').flatMap(({ rejects }) => rejects).length === 2, wait);
  // What gives no event is told as a reject, and has nothing to wait for.
  expect(edge.taken('system').flatMap(({ rejects }) => rejects.map(({ reason }) => reason))).toEqual([
    'bad_json',
    'bad_shape',
  ]);
  await vi.waitUntil(async () => (await pending()) === 3, wait);
  expect(bridge.stats().openEntries).toBe(3);
  isUp = true;
  await vi.waitUntil(async () => (await pending()) === 0, wait);
  expect(numbersOf(edge)).toEqual(upTo(3));
});

test('what a bridge had read when it was killed is delivered by another one', async () => {
  const { redis, edge, write, pending, startBridge } = await startWorld();
  edge.decide = ({ events }) => (events.length > 0 ? 503 : 200);
  const env = {
    PATH: process.env.PATH,
    REDIS_URL: redis.url,
    WORKER_URL: edge.url,
    INGEST_SECRET: SECRET,
    BRIDGE_ID: 'first',
    BRIDGE_PORT: '0',
    LOG_LEVEL: 'silent',
    DATA_DIR: createFolder(),
    STREAMS: '{"patterns":{"kind":"pattern","tier":"daily"}}',
  };
  const first = await startChild('bridge', process.execPath, [main], { env, stdio: 'ignore' });
  onTestFinished(() => first.kill());
  await write(20);
  await vi.waitUntil(async () => (await pending().catch(() => 0)) === 20, wait);
  const ended = once(first.process, 'exit');
  await first.kill();
  await ended;
  edge.decide = () => 200;
  const second = await startBridge({ bridgeId: 'second' }, { claimAfterMs: 500 });
  await vi.waitUntil(() => unique(numbersOf(edge)).length === 20, wait);
  await vi.waitUntil(async () => (await pending()) === 0, wait);
  expect(numbersOf(edge)).toEqual(upTo(20));
  expect(second.stats().openEntries).toBe(0);
});

test('a stream that is deleted is read again from its new beginning', async () => {
  const { redis, edge, write, startBridge } = await startWorld();
  const bridge = await startBridge();
  await write(2);
  await vi.waitUntil(() => numbersOf(edge).length === 2, wait);
  await redis.client().del(STREAM);
  await write(2);
  await vi.waitUntil(() => numbersOf(edge).length === 4, wait);
  await vi.waitUntil(() => bridge.stats().status === 'ok', wait);
});

test('a stream that Redis refuses is named, and neither the others nor pub/sub wait for it', async () => {
  const { redis, edge, write, startBridge } = await startWorld();
  await redis.client().set('wrong', 'no stream');
  const bridge = await startBridge({ streams: { ...streams, wrong: { kind: 'pattern', field: 'data' } } });
  await write(2);
  await vi.waitUntil(() => numbersOf(edge).length === 2 && bridge.stats().redis.connected, wait);
  expect(bridge.stats().reasons.join()).toContain('Redis refuses stream wrong: WRONGTYPE');
  await redis.publish(DAILY, pattern(100));
  await vi.waitUntil(() => numbersOf(edge).includes(100), wait);
});

test('it needs no more rights than an operator is told to give, and uses nothing else', async () => {
  const { redis, edge, write, startBridge } = await startWorld();
  const commands = '+subscribe +ping +pubsub|numsub +xreadgroup +xack +xautoclaim +xgroup|create'.split(' ');
  const rights = ['reset', 'on', '>r', '&tickstock*', `~${STREAM}`, ...commands];
  await redis.client().call('ACL', 'SETUSER', 'reader', ...rights);
  const bridge = await startBridge({ redisUrl: `redis://reader:r@127.0.0.1:${redis.port}` });
  await write(2);
  await vi.waitUntil(() => numbersOf(edge).length === 2 && bridge.stats().redis.latencyMs !== null, wait);
  await vi.waitUntil(() => bridge.stats().openEntries === 0, wait);
  expect(bridge.stats().reasons).toEqual([]);
});

test('streams come back by themselves with Redis, and say nothing of what pub/sub covers', async () => {
  const { redis, edge, write, startBridge } = await startWorld();
  const bridge = await startBridge();
  await write(1);
  await vi.waitUntil(() => numbersOf(edge).length === 1 && bridge.stats().redis.connected, wait);
  await redis.kill('tickstock-bridge-streams');
  await redis.kill('tickstock-bridge-acks');
  await write(1);
  await vi.waitUntil(() => numbersOf(edge).length === 2, wait);
  expect(new Set(edge.taken('daily').flatMap(({ covers }) => covers?.from_ms ?? [])).size).toBe(1);
});
