import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { BridgeOptions } from '../../bridge/bridge.ts';
import type { BridgeConfig } from '../../bridge/config.ts';
import type { Source, SourceHandler } from '../../bridge/source.ts';
import { MAX_BATCH_EVENTS } from '../../shared/limits.ts';
import { lintMetrics } from '../support/promtool.ts';
import { createFolder, DAILY, numbersOf, pattern, startBridgeTo } from './support/bridge.ts';
import { SECRET, type StandInEdge, startEdge } from './support/stand-in-edge.ts';

const wait = { timeout: 15_000, interval: 5 };

/** A source that the test speaks for. */
class Feed implements Source {
  handler: SourceHandler | null = null;

  start(handler: SourceHandler): void {
    this.handler = handler;
    handler.onOpen(Date.now());
  }

  async stop(): Promise<void> {
    this.handler = null;
  }

  status() {
    return { connected: this.handler !== null, latencyMs: 0, channelsSubscribed: 1, channelsWanted: 1, reasons: [] };
  }

  listeningTo() {
    return { subscribed: this.handler !== null, subscribers: null };
  }

  send(...messages: object[]): void {
    for (const message of messages) {
      this.handler!.onMessage({ channel: DAILY, raw: JSON.stringify(message), receivedAtMs: Date.now() });
    }
  }
}

async function startFed(options: BridgeOptions = {}, changes: Partial<BridgeConfig> = {}) {
  const edge = await startEdge();
  onTestFinished(() => edge.stop());
  const feed = new Feed();
  const bridge = await startBridgeTo(edge, { redisUrl: null, ...changes }, { ...options, source: feed });
  await vi.waitUntil(() => edge.taken('daily').some(({ covers }) => covers !== null), wait);
  return { edge, feed, bridge };
}

function refuseTimes(edge: StandInEdge, status: number, times: number): void {
  let left = times;
  edge.decide = ({ events }) => (events.length > 0 && left-- > 0 ? status : 200);
}

describe('a batch that is not taken', () => {
  test.each([0, 401, 408, 429, 500, 503])(
    'after %d is posted again as it was, but for when it is sent, signed anew',
    async status => {
      const { edge, feed } = await startFed();
      refuseTimes(edge, status, 2);
      feed.send(pattern(1));
      await vi.waitUntil(() => numbersOf(edge).includes(1), wait);
      const tries = edge.posts.filter(({ batch }) => batch.events.length > 0);
      expect(tries.map(post => post.status)).toEqual([status, status, 200]);
      expect(
        new Set(tries.map(({ batch }) => JSON.stringify({ ...batch, sent_at_ms: 0, worker_ahead_ms: 0 }))).size,
      ).toBe(1);
      const sentAtMs = tries.map(({ batch }) => batch.sent_at_ms);
      expect(sentAtMs).toEqual(sentAtMs.toSorted((a, b) => a - b));
      expect(sentAtMs[2]).toBeGreaterThan(sentAtMs[0]!);
      expect(numbersOf(edge)).toEqual([1]);
    },
  );

  test('holds up nobody else, and what comes in meanwhile is the next batch', async () => {
    const { edge, feed } = await startFed();
    let isStuck = true;
    edge.decide = ({ topic }) => (isStuck && topic === 'daily' ? 503 : 200);
    feed.send(pattern(1));
    await vi.waitUntil(() => edge.posts.some(({ batch, status }) => status === 503 && batch.events.length > 0), wait);
    feed.send(pattern(2), pattern(3), pattern(4, { tier: 'combo' }));
    await vi.waitUntil(() => numbersOf(edge).includes(4), wait);
    expect(numbersOf(edge)).toEqual([4]);
    isStuck = false;
    await vi.waitUntil(() => numbersOf(edge).length === 4, wait);
    expect(
      edge
        .taken('daily')
        .map(({ events }) => events.length)
        .filter(Boolean),
    ).toEqual([1, 2]);
  });

  test.each([413, 422])('after %d is halved, and an event refused alone is told as a reject', async status => {
    const { edge, feed, bridge } = await startFed();
    let isStuck = true;
    edge.decide = ({ topic, events }) => {
      if (isStuck && topic === 'daily') return 503;
      return events.some(({ data }) => data.n === 5) ? status : 200;
    };
    feed.send(pattern(0));
    await vi.waitUntil(() => edge.posts.some(({ batch, status }) => status === 503 && batch.events.length > 0), wait);
    feed.send(...[1, 2, 3, 4, 5, 6, 7, 8].map(n => pattern(n)));
    isStuck = false;
    await vi.waitUntil(() => numbersOf(edge).length === 8, wait);
    await vi.waitUntil(() => edge.taken('system').some(({ rejects }) => rejects.length > 0), wait);
    expect(numbersOf(edge)).toEqual([0, 1, 2, 3, 4, 6, 7, 8]);
    const [reject] = edge.taken('system').flatMap(({ rejects }) => rejects);
    expect(reject).toMatchObject({ channel: DAILY, reason: 'refused_by_edge' });
    expect(JSON.parse(reject!.sample).data.n).toBe(5);
    const ids = edge.posts
      .filter(({ batch, status }) => batch.topic === 'daily' && status !== 503)
      .map(({ batch }) => batch.batch_id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(bridge.stats()).toMatchObject({ status: 'degraded', rejected: 1 });
  });
});

describe('a Worker that takes no heartbeat', () => {
  const small = { outboxMaxBytes: 64 * 1024 * 1024 };

  /** More than such a bridge holds, and a heartbeat due at once. */
  function overflow(feed: Feed): void {
    const padding = 'x'.repeat(200_000);
    for (let n = 0; n < 400; n++) feed.send(pattern(n, { padding }));
    feed.handler!.onClose('test');
    feed.handler!.onOpen(Date.now());
  }

  test('gets events and gaps all the same, and health names what it refuses', async () => {
    const { edge, feed, bridge } = await startFed({}, small);
    edge.decide = ({ heartbeat }) => (heartbeat ? 422 : 200);
    overflow(feed);
    await vi.waitUntil(() => numbersOf(edge).includes(399), { timeout: 60_000, interval: 20 });
    expect(edge.taken('daily').flatMap(batch => batch.gaps)).toMatchObject([{ reason: 'outbox_overflow' }]);
    expect(numbersOf(edge)).toHaveLength(400 - bridge.stats().dropped);
    expect(bridge.stats().reasons).toContain('the Worker refuses our heartbeat');
  });

  test('nor a gap: that is an error in the log, and named in health', async () => {
    const said: string[] = [];
    const log = pino({ level: 'error' }, { write: line => said.push(JSON.parse(line).msg) });
    const { edge, feed, bridge } = await startFed({ log }, small);
    edge.decide = ({ gaps, heartbeat }) => (gaps.length > 0 || heartbeat ? 422 : 200);
    overflow(feed);
    await vi.waitUntil(() => numbersOf(edge).includes(399), { timeout: 60_000, interval: 20 });
    expect(said).toContain('the Worker refuses a gap: its clients are not told of it');
    expect(bridge.stats().reasons.join()).toContain('refused a gap for good');
  });
});

describe('an idle bridge', () => {
  test('posts what comes in at once, without waiting for a heartbeat', async () => {
    const { edge, feed } = await startFed();
    expect(edge.taken('daily').some(({ heartbeat }) => heartbeat)).toBe(true);
    feed.send(pattern(1));
    await vi.waitUntil(() => numbersOf(edge).includes(1), wait);
    const batch = edge.taken('daily').find(({ events }) => events.length > 0)!;
    expect(batch.heartbeat).toBeUndefined();
  });

  test('stops within seconds, and what waits is posted first', async () => {
    const { edge, feed, bridge } = await startFed();
    feed.send(...Array.from({ length: 3 * MAX_BATCH_EVENTS }, (_, n) => pattern(n)));
    await bridge.stop();
    expect(numbersOf(edge)).toHaveLength(3 * MAX_BATCH_EVENTS);
    const closing = edge.taken('daily').at(-1)!;
    expect(closing.covers!.to_ms).toBeGreaterThan(0);
    await bridge.stop();
  });

  test('stops within seconds when the Worker answers nothing', async () => {
    const { edge, feed, bridge } = await startFed();
    edge.decide = () => new Promise<number>(() => {});
    feed.send(pattern(1));
    const beganMs = performance.now();
    await bridge.stop();
    expect(performance.now() - beganMs).toBeLessThan(4_500);
  });
});

describe('too much to hold', () => {
  test('in memory and on disk costs the oldest, and is told as a gap', async () => {
    const { edge, feed, bridge } = await startFed({}, { outboxMaxBytes: 64 * 1024 * 1024 });
    let isStuck = true;
    edge.decide = ({ topic }) => (isStuck && topic === 'daily' ? 503 : 200);
    const padding = 'x'.repeat(200_000);
    for (let n = 0; n < 500; n++) feed.send(pattern(n, { padding }));
    expect(bridge.stats().dropped).toBeGreaterThan(0);
    expect(bridge.stats().reasons.join()).toContain('given up');
    isStuck = false;
    await vi.waitUntil(() => numbersOf(edge).includes(499), { timeout: 60_000, interval: 20 });
    const taken = numbersOf(edge);
    expect(taken.length + bridge.stats().dropped).toBe(500);
    expect(taken).toEqual(taken.toSorted((a, b) => a - b));
    const gaps = edge.taken('daily').flatMap(batch => batch.gaps);
    expect(gaps).toMatchObject([{ reason: 'outbox_overflow' }]);
  });
});

describe('health and metrics', () => {
  test('say how things are, and that the Worker refuses our signature; each batch is a line at debug', async () => {
    const said: object[] = [];
    const log = pino({ level: 'debug' }, { write: line => said.push(JSON.parse(line)) });
    const { edge, feed, bridge } = await startFed({ log });
    const at = `http://127.0.0.1:${bridge.port}`;
    feed.send(pattern(1, { published_at: new Date().toISOString() }), { pattern: 'x' });
    await vi.waitUntil(() => numbersOf(edge).includes(1), wait);
    const health = await fetch(`${at}/healthz`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      status: 'ok',
      bridgeId: bridge.bridgeId,
      messages: 2,
      rejected: 1,
      channels: { [DAILY]: { messages: 2 } },
      queued: { daily: 0 },
      outbox: { events: 0, bytes: 0, oldestAgeMs: null, inMemoryAlone: { events: 0, forMs: null } },
    });
    const metrics = await (await fetch(`${at}/metrics`)).text();
    expect(metrics).toContain(`tickstock_bridge_messages_total{channel="${DAILY}"} 2`);
    expect(metrics).toContain(`tickstock_bridge_rejects_total{channel="${DAILY}",reason="missing_symbol"} 1`);
    expect(metrics).toContain('tickstock_bridge_redis_connected 1');
    expect(metrics).toContain('tickstock_bridge_outbox_disk_events 0');
    expect(metrics).toContain(`tickstock_bridge_events_total{channel="${DAILY}",kind="pattern",tier="daily"} 1`);
    expect(metrics).toContain(`tickstock_bridge_redis_lag_seconds_count{channel="${DAILY}"} 1`);
    expect(lintMetrics(metrics)).toBe('');
    const taken = { msg: 'batch taken', topic: 'daily', events: 1, accepted: 1, duplicates: 0 };
    expect(said).toContainEqual(expect.objectContaining(taken));
    expect((await fetch(`${at}/nothing`)).status).toBe(404);
    expect((await fetch(`${at}/healthz`, { method: 'POST' })).status).toBe(405);

    edge.secret = `another ${SECRET}`;
    feed.send(pattern(2));
    await vi.waitUntil(
      () => bridge.stats().reasons.some(reason => reason.includes('refuses the signature of daily')),
      wait,
    );
    expect(edge.unauthorized).toBeGreaterThan(0);
    expect(await (await fetch(`${at}/metrics`)).text()).toMatch(
      /tickstock_bridge_unauthorized_total\{topic="daily"\} [1-9]/,
    );
    edge.secret = SECRET;
    await vi.waitUntil(() => numbersOf(edge).includes(2), wait);
    await vi.waitUntil(() => bridge.stats().status === 'ok', wait);
  });
});

describe('npm run bridge', () => {
  const main = fileURLToPath(new URL('../../bridge/main.ts', import.meta.url));

  test('says in one line which variable is wrong, and ends with status 1', async () => {
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH, REDIS_URL: 'redis://127.0.0.1:1' },
    });
    let said = '';
    child.stderr.on('data', chunk => {
      said += chunk;
    });
    const [status] = await once(child, 'close');
    expect(status).toBe(1);
    expect(said).toBe('WORKER_URL: is not set\n');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('ends cleanly on %s', async signal => {
    const edge = await startEdge();
    onTestFinished(() => edge.stop());
    const env = {
      PATH: process.env.PATH,
      REDIS_URL: 'redis://:hidden-password@127.0.0.1:1',
      WORKER_URL: edge.url,
      INGEST_SECRET: SECRET,
      BRIDGE_PORT: '0',
      DATA_DIR: createFolder(),
    };
    const child = spawn(process.execPath, [main], { env });
    let said = '';
    child.stdout.on('data', chunk => {
      said += chunk;
    });
    await vi.waitUntil(() => edge.taken('daily').length > 0, wait);
    child.kill(signal);
    const [status] = await once(child, 'close');
    expect(status).toBe(0);
    expect(said).toContain('bridge started');
    expect(said).not.toContain('hidden-password');
    expect(said).not.toContain(SECRET);
  });
});
