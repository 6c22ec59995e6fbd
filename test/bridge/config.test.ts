import { describe, expect, test } from 'vitest';
import { readConfig } from '../../bridge/config.ts';
import { CHANNELS } from '../../shared/channels.ts';
import { DEFAULT_POLICY } from '../../shared/tier-policy.ts';

const secret = 'x'.repeat(32);
const env = { REDIS_URL: 'redis://localhost:6379', WORKER_URL: 'https://edge.example.com/', INGEST_SECRET: secret };

describe('the environment', () => {
  test('needs three variables; the others have defaults', () => {
    expect(readConfig({ ...env, APP_ENV: '', PATH: '/bin' })).toEqual({
      redisUrl: 'redis://localhost:6379',
      workerUrl: 'https://edge.example.com',
      ingestSecret: secret,
      bridgeId: 'bridge',
      appEnv: 'development',
      policy: DEFAULT_POLICY,
      host: '127.0.0.1',
      port: 9464,
      logLevel: 'info',
      channels: CHANNELS,
      streams: {},
      streamGroup: 'tickstock-edge',
      dataDir: '.tickstock',
      outboxMaxBytes: 1024 ** 3,
      rest: null,
    });
  });

  test('takes jobs where it has a token for that', () => {
    const UPSTASH_REDIS_REST_TOKEN = 'y'.repeat(32);
    const token = UPSTASH_REDIS_REST_TOKEN;
    expect(readConfig({ ...env, UPSTASH_REDIS_REST_TOKEN }).rest).toEqual({ host: '127.0.0.1', port: 9465, token });
    const other = { UPSTASH_REDIS_REST_TOKEN, REDIS_REST_HOST: '::1', REDIS_REST_PORT: '8079' };
    expect(readConfig({ ...env, ...other }).rest).toEqual({ host: '::1', port: 8079, token });
    expect(() => readConfig({ ...env, UPSTASH_REDIS_REST_TOKEN: 'short' })).toThrow(
      /^UPSTASH_REDIS_REST_TOKEN: has under/,
    );
  });

  test('takes TLS, credentials and a database', () => {
    const REDIS_URL = 'rediss://user:p%40ss@redis.example.com:6380/3';
    expect(readConfig({ ...env, REDIS_URL }).redisUrl).toBe(REDIS_URL);
    expect(readConfig({ ...env, REDIS_URL: 'REDISS://host' }).redisUrl).toBe('REDISS://host');
  });

  test('may change the channel table and the policy', () => {
    const CHANNELS = '{"my.patterns":{"kind":"pattern","tier":"combo"},"my.ticks":{"kind":"market_tick"}}';
    const config = readConfig({ ...env, CHANNELS, TIER_POLICY: '{"daily":{"page_size":20}}', BRIDGE_PORT: '0' });
    expect(config.channels).toEqual({
      'my.patterns': { kind: 'pattern', tier: 'combo' },
      'my.ticks': { kind: 'market_tick' },
    });
    expect(config.policy.daily.page_size).toBe(20);
    expect(config.port).toBe(0);
  });

  test('may name streams to read besides', () => {
    const STREAMS = '{"a":{"kind":"pattern","tier":"daily"},"b":{"kind":"outcome","field":"payload"}}';
    expect(readConfig({ ...env, STREAMS, STREAM_GROUP: 'mine' })).toMatchObject({
      streams: { a: { kind: 'pattern', tier: 'daily', field: 'data' }, b: { kind: 'outcome', field: 'payload' } },
      streamGroup: 'mine',
    });
  });

  test.each([
    [{ REDIS_URL: undefined }, 'REDIS_URL: is not set'],
    [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL: expected a URL'],
    [{ REDIS_URL: 'http://localhost' }, 'REDIS_URL: expected a URL'],
    [{ WORKER_URL: '' }, 'WORKER_URL: is not set'],
    [{ WORKER_URL: 'edge.example.com' }, 'WORKER_URL: expected a URL'],
    [{ INGEST_SECRET: undefined }, 'INGEST_SECRET: is not set'],
    [{ INGEST_SECRET: 'short-secret' }, 'INGEST_SECRET: has under 32 bytes'],
    [{ BRIDGE_ID: 'a b' }, 'BRIDGE_ID: expected 1-50'],
    [{ BRIDGE_PORT: '70000' }, 'BRIDGE_PORT: '],
    [{ BRIDGE_PORT: 'x' }, 'BRIDGE_PORT: expected a port'],
    [{ REDIS_URL: 'redis+sentinel://user:short-secret@host' }, 'REDIS_URL: expected a URL'],
    [{ REDIS_URL: 'redis+cluster://a', STREAMS: '{"a":{"kind":"pattern"}}' }, 'STREAMS: cannot be read from a cluster'],
    [{ STREAMS: '[' }, 'STREAMS: is not JSON'],
    [{ STREAMS: '{"a":{"kind":"novel"}}' }, 'STREAMS: a: kind: '],
    [{ STREAMS: '{"a":{"kind":"pattern","field":""}}' }, 'STREAMS: a: field: '],
    [{ OUTBOX_MAX_BYTES: '1GB' }, 'OUTBOX_MAX_BYTES: expected a number'],
    [{ OUTBOX_MAX_BYTES: '1000' }, 'OUTBOX_MAX_BYTES: '],
    [{ APP_ENV: 'staging' }, 'APP_ENV: '],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: '],
    [{ TIER_POLICY: '{' }, 'TIER_POLICY: is not JSON'],
    [{ CHANNELS: '{' }, 'CHANNELS: is not JSON'],
    [{ CHANNELS: '{}' }, 'CHANNELS: names no channel'],
    [{ CHANNELS: '{"a":{"kind":"novel"}}' }, 'CHANNELS: a: kind: '],
    [{ CHANNELS: '{"a":{"kind":"pattern","tier":"hourly"}}' }, 'CHANNELS: a: tier: '],
  ])('%j is refused by name', (changes, message) => {
    const broken = () => readConfig({ ...env, ...changes });
    expect(broken).toThrow(message);
    expect(broken).not.toThrow('short-secret');
  });

  test('a table of more channels than can be counted is refused', () => {
    const table = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`c${n}`, { kind: 'pattern' }]));
    expect(() => readConfig({ ...env, CHANNELS: JSON.stringify(table) })).toThrow('CHANNELS: names over 200 channels');
  });
});
