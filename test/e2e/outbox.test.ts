import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Child, startChild } from '../../bridge/local/child.ts';
import { findFreePort } from '../../bridge/local/ports.ts';
import { CLOCK_MARGIN_MS } from '../../workers/core/coverage.ts';
import { HubModel } from '../bridge/outbox/hub-model.ts';
import { createFolder, DAILY, pattern } from './support/bridge.ts';
import { createRedis, type TestRedis } from './support/redis.ts';
import { SECRET, type StandInEdge, startEdge } from './support/stand-in-edge.ts';

const wait = { timeout: 15_000, interval: 10 };
const main = fileURLToPath(new URL('../../bridge/main.ts', import.meta.url));

interface Process extends Child {
  pid: number;
  health(): Promise<{
    reasons: string[];
    messages: number;
    outbox: { events: number; inMemoryAlone: { events: number } };
  }>;
}

interface World {
  redis: TestRedis;
  edge: StandInEdge;
  /** What the hub of `daily` has made of what the edge got. */
  hub: HubModel;
  setUp: (isUp: boolean) => void;
  /** Publishes the next patterns; resolves with when the last of them was. */
  publish: (count: number, padding?: number) => Promise<number>;
  /** On the same folder each time; `limit`: of a file's size, in blocks of 512 bytes. */
  startBridge: (limit?: number) => Promise<Process>;
}

async function startWorld(): Promise<World> {
  const redis = await createRedis();
  onTestFinished(() => redis.stop());
  await redis.start();
  const edge = await startEdge();
  onTestFinished(() => edge.stop());
  const hub = new HubModel(({ events }) => events.map(({ data }) => data.n as number));
  let isUp = true;
  let isHeard = true;
  edge.decide = batch => {
    // One batch is taken, and nobody hears of it.
    if (!isUp && (isHeard || batch.events.length === 0 || batch.topic !== 'daily')) return 0;
    if (batch.topic === 'daily') hub.take(batch);
    isHeard = true;
    return isUp ? 200 : 0;
  };
  const port = await findFreePort('127.0.0.1');
  const env = {
    PATH: process.env.PATH,
    REDIS_URL: redis.url,
    WORKER_URL: edge.url,
    INGEST_SECRET: SECRET,
    BRIDGE_PORT: `${port}`,
    LOG_LEVEL: 'silent',
    DATA_DIR: createFolder(),
  };
  let published = 0;
  return {
    redis,
    edge,
    hub,
    setUp: nowUp => {
      isUp = nowUp;
      isHeard = nowUp;
    },
    publish: async (count, padding = 0) => {
      for (let i = 0; i < count; i++) {
        await redis.publish(DAILY, pattern(published++, { padding: 'x'.repeat(padding) }));
      }
      return Date.now();
    },
    startBridge: async limit => {
      const command = ['-c', `ulimit -f ${limit ?? 'unlimited'}; exec "$0" "$1"`, process.execPath, main];
      const child = await startChild('bridge', 'sh', command, { env, stdio: 'ignore' });
      onTestFinished(() => child.kill());
      const health = async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).json();
      await vi.waitUntil(async () => (await health().catch(() => null))?.redis.connected, wait);
      return { ...child, pid: child.process.pid!, health };
    },
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

test('a bridge that is stopped while the Worker is away loses nothing, and only its absence is told', async () => {
  const { hub, setUp, publish, startBridge } = await startWorld();
  const bridge = await startBridge();
  await publish(1);
  await vi.waitUntil(() => hub.tape.length === 1, wait);
  setUp(false);
  const publishedAtMs = await publish(700);
  await vi.waitUntil(async () => (await bridge.health()).messages === 701, wait);
  const ended = once(bridge.process, 'exit');
  process.kill(bridge.pid, 'SIGTERM');
  const [status] = await ended;
  expect(status).toBe(0);

  const stoppedAtMs = Date.now();
  await startBridge();
  const startedAtMs = Date.now();
  await publish(10);
  setUp(true);
  await vi.waitUntil(() => hub.tape.length === 711 && hub.absences.length > 0, wait);
  expect(hub.tape).toEqual(upTo(711));
  expect(hub.lost).toEqual([]);
  expect(hub.absences).toMatchObject([{ reason: 'bridge_absent' }]);
  const { fromMs, toMs } = hub.absences[0]!;
  expect(fromMs).toBeGreaterThanOrEqual(publishedAtMs - CLOCK_MARGIN_MS - 50);
  expect(toMs).toBeGreaterThanOrEqual(stoppedAtMs);
  expect(toMs).toBeLessThanOrEqual(startedAtMs);
});

test('a bridge that is killed while the Worker is away loses what was not on disk yet, and that is told', async () => {
  const { hub, setUp, publish, startBridge } = await startWorld();
  const bridge = await startBridge();
  await publish(1);
  await vi.waitUntil(() => hub.tape.length === 1, wait);
  setUp(false);
  const savedAtMs = await publish(700);
  await vi.waitUntil(async () => {
    const { messages, outbox } = await bridge.health();
    return messages === 701 && outbox.inMemoryAlone.events === 0;
  }, wait);
  expect((await bridge.health()).outbox.events).toBe(700);
  const lostAtMs = await publish(1);
  await bridge.kill();

  await startBridge();
  await publish(10);
  setUp(true);
  await vi.waitUntil(() => hub.onTape.has(711) && hub.absences.length > 0, wait);
  const wasSaved = hub.onTape.has(701);
  expect(hub.tape).toEqual(upTo(712).filter(n => wasSaved || n !== 701));
  expect(hub.absences).toMatchObject([{ reason: 'bridge_absent' }]);
  const { fromMs, toMs } = hub.absences[0]!;
  // It covered up to a PING that was noted on disk: each is asked and written once a second.
  expect(fromMs).toBeGreaterThanOrEqual(savedAtMs - CLOCK_MARGIN_MS - 2_500);
  expect(fromMs).toBeLessThanOrEqual(lostAtMs);
  expect(toMs).toBeGreaterThan(lostAtMs);
});

test('a disk that takes no more degrades the bridge, with the reason, and costs nothing that memory holds', async () => {
  const { hub, setUp, publish, startBridge } = await startWorld();
  const bridge = await startBridge(2_000);
  setUp(false);
  await publish(100, 50_000);
  await vi.waitUntil(async () => (await bridge.health()).reasons.join().includes('the outbox cannot be written'), wait);
  expect((await bridge.health()).outbox.inMemoryAlone.events).toBeGreaterThan(0);
  await publish(100, 50_000);
  setUp(true);
  await vi.waitUntil(() => hub.tape.length === 200, wait);
  expect(hub.tape).toEqual(upTo(200));
  await vi.waitUntil(async () => !(await bridge.health()).reasons.join().includes('outbox'), wait);
});
