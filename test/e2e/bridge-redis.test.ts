import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { CHANNELS } from '../../shared/channels.ts';
import { MAX_RAW_MESSAGE_BYTES } from '../../shared/limits.ts';
import { TOPICS } from '../../shared/topics.ts';
import { DAILY, numbersOf, pattern, startBridgeTo, startWorld } from './support/bridge.ts';
import { createRedis } from './support/redis.ts';
import { type RedisProxy, startStallingProxy, startTricklingProxy } from './support/redis-proxy.ts';
import { startEdge } from './support/stand-in-edge.ts';

const wait = { timeout: 15_000, interval: 10 };

/** A bridge that has Redis only through a proxy. */
async function startWorldBehind<Proxy extends RedisProxy>(startProxy: (redisPort: number) => Promise<Proxy>) {
  let proxy: Proxy;
  const world = await startWorld({}, async ({ port }) => {
    proxy = await startProxy(port);
    onTestFinished(() => proxy.stop());
    return { redisUrl: `redis://127.0.0.1:${proxy.port}` };
  });
  return { ...world, proxy: proxy! };
}

describe('between Redis and the Worker', () => {
  test('what is published arrives once, in order, in the lane of its topic, covered', async () => {
    const { redis, edge, bridge } = await startWorld();
    await vi.waitUntil(() => bridge.stats().redis.connected, wait);
    const publishedAtMs = Date.now();
    for (let n = 0; n < 300; n++) await redis.publish(DAILY, pattern(n));
    await redis.publish('tickstock:patterns:streaming', {
      type: 'streaming_pattern',
      detection: {
        symbol: 'NVDA',
        pattern: 'Hammer',
        confidence: 0.9,
        timestamp: '2026-11-20T15:00:00Z',
        timeframe: '1min',
      },
    });
    await redis.publish('tickstock.events.patterns.outcomes', {
      pattern_name: 'Doji',
      symbol: 'AAPL',
      outcome_1d: 0.5,
    });
    await redis.publish('tickstock.health.status', { event_type: 'system_health', status: 'healthy' });
    await redis.publish('tickstock.events.patterns', 'not json');
    await redis.publish('tickstock.events.patterns', { test: 'permission_check' });
    await vi.waitUntil(() => edge.taken('system').some(batch => batch.rejects.length > 0), wait);
    await vi.waitUntil(() => numbersOf(edge).length === 300, wait);

    expect(numbersOf(edge)).toEqual(Array.from({ length: 300 }, (_, n) => n));
    expect(edge.taken('intraday').flatMap(({ events }) => events.map(({ kind }) => kind))).toEqual([
      'pattern',
      'outcome',
    ]);
    expect(edge.taken('system').flatMap(({ rejects }) => rejects)).toMatchObject([
      { reason: 'bad_json', sample: 'not json' },
    ]);
    for (const topic of TOPICS) {
      const batches = edge.taken(topic);
      const ids = batches.map(batch => batch.batch_id);
      expect(ids).toEqual(ids.map((_, i) => i + 1));
      expect(new Set(batches.map(batch => batch.bridge_id))).toEqual(new Set([bridge.bridgeId]));
    }

    await vi.waitUntil(() => bridge.stats().messages === 305, wait);
    await bridge.stop();
    const covers = edge.taken('daily').at(-1)!.covers!;
    expect(covers.from_ms).toBeLessThanOrEqual(publishedAtMs);
    expect(covers.to_ms).toBeGreaterThanOrEqual(publishedAtMs);
    const probes = edge.taken('system').map(({ counts }) => counts?.probes ?? 0);
    expect(probes.reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  test('it is subscribed to every channel, and says so', async () => {
    const { redis, edge, bridge } = await startWorld();
    const wanted = Object.keys(CHANNELS);
    await vi.waitUntil(() => bridge.stats().redis.channelsSubscribed === wanted.length, wait);
    const counts = (await redis.client().pubsub('NUMSUB', ...wanted)) as (string | number)[];
    expect(counts.filter((_, i) => i % 2 === 1)).toEqual(wanted.map(() => 1));
    await vi.waitUntil(() => bridge.stats().redis.latencyMs !== null, wait);
    expect(bridge.stats()).toMatchObject({ status: 'ok', reasons: [], redis: { channelsWanted: wanted.length } });
    await bridge.stop();
    const told = edge.taken('system').at(-1)!.heartbeat!.channels!;
    expect(told.map(({ channel, subscribers }) => [channel, subscribers])).toEqual(wanted.map(name => [name, 1]));
    expect(edge.taken('daily').at(-1)!.heartbeat!.channels).toBeUndefined();
  });

  test('when it is stopped it warns of nothing, not even in the middle of a check', async () => {
    const redis = await createRedis();
    onTestFinished(() => redis.stop());
    await redis.start();
    const edge = await startEdge();
    onTestFinished(() => edge.stop());
    for (let n = 0; n < 5; n++) {
      const warned: string[] = [];
      const subscribed = Promise.withResolvers<void>();
      const write = (line: string) => {
        const { level, msg } = JSON.parse(line);
        if (level >= 40) warned.push(line);
        if (msg === 'subscribed') setImmediate(subscribed.resolve);
      };
      const bridge = await startBridgeTo(edge, { redisUrl: redis.url }, { log: pino({ level: 'info' }, { write }) });
      await subscribed.promise;
      await bridge.stop();
      expect(warned).toEqual([]);
    }
  });

  test('it only ever listens: no command that writes or publishes', async () => {
    const redis = await createRedis();
    onTestFinished(() => redis.stop());
    await redis.start();
    const seen = new Set<string>();
    const monitor = await redis.client().monitor();
    onTestFinished(() => monitor.disconnect());
    monitor.on('monitor', (_time, [command]: string[]) => seen.add(command!.toLowerCase()));
    const edge = await startEdge();
    onTestFinished(() => edge.stop());
    const bridge = await startBridgeTo(edge, { redisUrl: redis.url });
    await vi.waitUntil(() => bridge.stats().redis.latencyMs !== null && seen.has('pubsub'), wait);
    await bridge.stop();
    const listening = ['hello', 'auth', 'select', 'client', 'subscribe', 'ping', 'pubsub', 'info'];
    expect([...seen].filter(command => !listening.includes(command))).toEqual([]);
    expect(seen.has('subscribe')).toBe(true);
  });

  test('a message that is too large is rejected, and the next one is handled as usual', async () => {
    const { redis, edge, bridge } = await startWorld();
    await vi.waitUntil(() => bridge.stats().redis.connected, wait);
    await redis.publish(DAILY, pattern(1, { note: 'x'.repeat(MAX_RAW_MESSAGE_BYTES) }));
    await redis.publish(DAILY, pattern(2));
    await vi.waitUntil(() => numbersOf(edge).includes(2), wait);
    await vi.waitUntil(() => edge.taken('system').some(({ rejects }) => rejects[0]?.reason === 'too_large'), wait);
    expect(numbersOf(edge)).toEqual([2]);
  });

  test('a URL with password and database is used, and the password is told to nobody', async () => {
    const { redis, edge, bridge } = await startWorld({ password: 'p@ss:word' }, ({ port }) => ({
      redisUrl: `redis://default:p%40ss%3Aword@127.0.0.1:${port}/3`,
    }));
    await vi.waitUntil(() => bridge.stats().redis.connected, wait);
    await redis.publish(DAILY, pattern(1));
    await vi.waitUntil(() => numbersOf(edge).includes(1), wait);
  });

  test('a wrong password degrades it with the reason, and it keeps trying', async () => {
    const { bridge } = await startWorld({ password: 'right' }, ({ port }) => ({
      redisUrl: `redis://:wrong-secret@127.0.0.1:${port}`,
    }));
    await vi.waitUntil(() => bridge.stats().reasons.some(reason => reason.includes('WRONGPASS')), wait);
    expect(JSON.stringify(bridge.stats())).not.toContain('wrong-secret');
  });

  test('a channel that Redis refuses is named, and the others are heard', async () => {
    const { redis, edge, bridge } = await startWorld({}, ({ port }) => ({
      redisUrl: `redis://reader:r@127.0.0.1:${port}`,
    }));
    await redis.client().call('ACL', 'SETUSER', 'reader', 'on', '>r', '+@all', 'resetchannels', `&${DAILY}`);
    await vi.waitUntil(() => bridge.stats().redis.channelsSubscribed === 1, wait);
    expect(bridge.stats().reasons.join()).toContain('Redis refuses channels: tickstock.events.patterns,');
    await redis.publish(DAILY, pattern(1));
    await vi.waitUntil(() => numbersOf(edge).includes(1), wait);
  });

  test('a channel that Redis no longer refuses is heard from then on, and what it covers begins anew', async () => {
    const { redis, edge, bridge } = await startWorld({}, ({ port }) => ({
      redisUrl: `redis://reader:r@127.0.0.1:${port}`,
    }));
    // It may not ask for NUMSUB either.
    const rights = ['on', '>r', '+@all', '-pubsub|numsub', 'resetchannels', '&tickstock:errors'];
    await redis.client().call('ACL', 'SETUSER', 'reader', ...rights);
    await vi.waitUntil(() => bridge.stats().redis.channelsSubscribed === 1, wait);
    await vi.waitUntil(() => edge.taken('daily').some(({ covers }) => covers !== null), wait);
    const { from_ms } = edge.taken('daily').at(-1)!.covers!;
    await redis.client().call('ACL', 'SETUSER', 'reader', '&tickstock*');
    // The checker that comes back checks at once.
    await redis.kill('tickstock-bridge-check');
    const wanted = Object.keys(CHANNELS).length;
    await vi.waitUntil(() => bridge.stats().redis.channelsSubscribed === wanted, wait);
    await redis.publish(DAILY, pattern(1));
    await vi.waitUntil(() => numbersOf(edge).includes(1), wait);
    const covers = edge.taken('daily').flatMap(batch => batch.covers ?? []);
    const before = covers.filter(cover => cover.from_ms === from_ms);
    expect(covers.at(-1)!.from_ms).toBeGreaterThan(Math.max(...before.map(({ to_ms }) => to_ms)));
  });

  test('a bridge that reads more slowly than is published says so while it lasts, and loses nothing', async () => {
    const { redis, proxy, edge, bridge } = await startWorldBehind(startTricklingProxy);
    await vi.waitUntil(() => bridge.stats().redis.connected, wait);
    proxy.trickle();
    const padding = 'x'.repeat(1_000);
    for (let n = 0; n < 200; n++) await redis.publish(DAILY, pattern(n, { padding }));
    const isLate = () => bridge.stats().reasons.some(reason => /^what Redis sends is read \d+ s late$/.test(reason));
    await vi.waitUntil(isLate, wait);
    proxy.open();
    await vi.waitUntil(() => !isLate(), wait);
    await vi.waitUntil(() => numbersOf(edge).length === 200, wait);
    expect(numbersOf(edge)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });
});

describe('when Redis goes away', () => {
  test('it comes back by itself, and the batches show from when to when nobody listened', async () => {
    const { redis, edge, bridge } = await startWorld();
    await vi.waitUntil(() => bridge.stats().redis.connected, wait);
    await redis.publish(DAILY, pattern(1));
    await vi.waitUntil(() => numbersOf(edge).includes(1), wait);
    await redis.stop();
    await vi.waitUntil(() => edge.taken('daily').at(-1)?.heartbeat?.redis_connected === false, wait);
    const stoppedAtMs = Date.now();
    expect(bridge.stats()).toMatchObject({ status: 'degraded', redis: { connected: false } });
    await redis.start();
    await vi.waitUntil(() => bridge.stats().redis.connected, wait);
    await redis.publish(DAILY, pattern(2));
    await vi.waitUntil(() => numbersOf(edge).includes(2), wait);

    const covers = edge.taken('daily').flatMap(batch => batch.covers ?? []);
    const before = covers.filter(({ from_ms }) => from_ms === covers[0]!.from_ms);
    const after = covers.find(({ from_ms }) => from_ms !== covers[0]!.from_ms)!;
    expect(Math.max(...before.map(({ to_ms }) => to_ms))).toBeLessThanOrEqual(stoppedAtMs);
    expect(after.from_ms).toBeGreaterThan(stoppedAtMs);
    expect(covers.at(-1)!.from_ms).toBe(after.from_ms);
  });

  test('a connection that answers nothing is taken for broken', async () => {
    const { redis, bridge, edge } = await startWorld();
    await vi.waitUntil(() => bridge.stats().redis.connected, wait);
    redis.freeze();
    await vi.waitUntil(() => !bridge.stats().redis.connected, { timeout: 20_000, interval: 20 });
    expect(bridge.stats().reasons.join()).toContain('no answer within 5000 ms');
    redis.thaw();
    await vi.waitUntil(() => bridge.stats().redis.connected, wait);
    await redis.publish(DAILY, pattern(1));
    await vi.waitUntil(() => numbersOf(edge).includes(1), wait);
  });

  test('in the middle of subscribing, nothing counts as covered until every channel was answered', async () => {
    const { redis, proxy, edge, bridge } = await startWorldBehind(startStallingProxy);
    await vi.waitUntil(() => bridge.stats().redis.connected, { timeout: 20_000, interval: 10 });
    const wanted = Object.keys(CHANNELS);
    expect(bridge.stats().redis.channelsSubscribed).toBe(wanted.length);
    const counts = (await redis.client().pubsub('NUMSUB', ...wanted)) as (string | number)[];
    expect(counts.filter((_, i) => i % 2 === 1)).not.toContain(0);
    await vi.waitUntil(() => edge.taken('daily').some(({ covers }) => covers !== null), wait);
    for (const { covers } of edge.taken('daily')) {
      if (covers) expect(covers.from_ms).toBeGreaterThanOrEqual(proxy.leftAtMs()!);
    }
  });

  test('it starts without Redis, and finds it when it comes', async () => {
    const { redis, edge, bridge } = await startWorld({}, ({ port }) => ({ redisUrl: `redis://127.0.0.1:${port}` }));
    await bridge.stop();
    await redis.stop();
    const other = await startBridgeTo(edge, { redisUrl: redis.url });
    await vi.waitUntil(() => other.stats().reasons.some(reason => reason.includes('ECONNREFUSED')), wait);
    await redis.start();
    await vi.waitUntil(() => other.stats().redis.connected, wait);
    expect(other.stats().status).toBe('ok');
  });
});
