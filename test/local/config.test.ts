import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readLocalConfig } from '../../bridge/local/config.ts';
import { CHANNELS } from '../../shared/channels.ts';
import { DEFAULT_POLICY } from '../../shared/tier-policy.ts';

test('nothing set gives a complete system on this machine, fed by the simulator', () => {
  expect(readLocalConfig({})).toEqual({
    host: '127.0.0.1',
    port: 8787,
    redisUrl: null,
    simulate: true,
    simulateRate: 4,
    dataDir: '.tickstock',
    referenceFile: { path: resolve('.tickstock/reference.json'), isRequired: false },
    ingestSecret: expect.stringMatching(/^[0-9a-f]{64}$/),
    bridge: {
      bridgeId: 'bridge',
      appEnv: 'development',
      policy: DEFAULT_POLICY,
      host: '127.0.0.1',
      port: 0,
      logLevel: 'warn',
      channels: CHANNELS,
      streams: {},
      streamGroup: 'tickstock-edge',
      dataDir: '.tickstock',
      outboxMaxBytes: 1024 ** 3,
      rest: { host: '127.0.0.1', port: 0, token: expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
    workerVars: {
      APP_ENV: 'development',
      AUTH_MODE: 'open',
      EVENTS_PER_SECOND: '100',
      MAX_CONNECTIONS_PER_ADDRESS: '',
      ALLOWED_ORIGINS: '',
      METRICS_TOKEN: '',
      LOG_LEVEL: 'info',
      JWT_SECRET: '',
      JWT_JWKS_URL: '',
      JWT_ISSUER: '',
      JWT_AUDIENCE: '',
      HUB_REPLICAS: '',
      TIER_POLICY: '',
      ROUTER_RULES: '',
    },
  });
});

test('each start has a secret of its own', () => {
  const [one, other] = [readLocalConfig({}), readLocalConfig({})];
  expect(one.ingestSecret).not.toBe(other.ingestSecret);
  expect(one.bridge.rest.token).not.toBe(other.bridge.rest.token);
});

test('a Redis of the user is read, not written to, unless asked', () => {
  const REDIS_URL = 'redis://127.0.0.1:6379';

  expect(readLocalConfig({ REDIS_URL })).toMatchObject({ redisUrl: REDIS_URL, simulate: false });
  expect(readLocalConfig({ REDIS_URL, SIMULATE: '1' })).toMatchObject({ redisUrl: REDIS_URL, simulate: true });
});

test('without the simulator nothing is published', () => {
  expect(readLocalConfig({ SIMULATE: '0' }).simulate).toBe(false);
});

test('every variable is heard', () => {
  const env = {
    PORT: '0',
    HOST: '0.0.0.0',
    BRIDGE_PORT: '9100',
    SIMULATE_RATE: '2000',
    LOG_LEVEL: 'debug',
    DATA_DIR: '/var/lib/tickstock',
    REFERENCE_FILE: '/etc/tickstock/symbols.json',
    APP_ENV: 'production',
    AUTH_MODE: 'jwt',
    EVENTS_PER_SECOND: '0',
    ALLOWED_ORIGINS: 'https://charts.example',
    METRICS_TOKEN: 'm'.repeat(32),
    JWT_SECRET: 's'.repeat(32),
    JWT_JWKS_URL: 'https://issuer.example/keys',
    JWT_ISSUER: 'https://issuer.example',
    JWT_AUDIENCE: 'tickstock',
    MAX_CONNECTIONS_PER_ADDRESS: '5',
    HUB_REPLICAS: '{"daily":4}',
    TIER_POLICY: '{"daily":{"page_size":20}}',
    ROUTER_RULES: '[]',
  };

  expect(readLocalConfig(env)).toMatchObject({
    port: 0,
    host: '0.0.0.0',
    simulateRate: 2_000,
    dataDir: '/var/lib/tickstock',
    referenceFile: { path: '/etc/tickstock/symbols.json', isRequired: true },
    bridge: {
      port: 9_100,
      dataDir: '/var/lib/tickstock',
      appEnv: 'production',
      logLevel: 'debug',
      policy: { daily: { page_size: 20 } },
    },
    workerVars: {
      APP_ENV: 'production',
      AUTH_MODE: 'jwt',
      EVENTS_PER_SECOND: '0',
      ALLOWED_ORIGINS: 'https://charts.example',
      METRICS_TOKEN: 'm'.repeat(32),
      LOG_LEVEL: 'debug',
      JWT_SECRET: 's'.repeat(32),
      JWT_JWKS_URL: 'https://issuer.example/keys',
      JWT_ISSUER: 'https://issuer.example',
      JWT_AUDIENCE: 'tickstock',
      MAX_CONNECTIONS_PER_ADDRESS: '5',
      HUB_REPLICAS: '{"daily":4}',
      TIER_POLICY: '{"daily":{"page_size":20}}',
      ROUTER_RULES: '[]',
    },
  });
});

test('an empty variable counts as not set', () => {
  const ingestSecret = expect.any(String);
  const config = readLocalConfig({});
  const bridge = { ...config.bridge, rest: { ...config.bridge.rest, token: expect.any(String) } };

  expect(readLocalConfig({ PORT: '', REDIS_URL: '', SIMULATE: '' })).toEqual({ ...config, ingestSecret, bridge });
});

test.each([
  ['PORT', 'http'],
  ['PORT', '65536'],
  ['PORT', '80.5'],
  ['BRIDGE_PORT', '-1'],
  ['REDIS_URL', 'localhost:6379'],
  ['SIMULATE', 'yes'],
  ['SIMULATE_RATE', '0'],
  ['SIMULATE_RATE', '2001'],
  ['APP_ENV', 'staging'],
  ['AUTH_MODE', 'none'],
  ['LOG_LEVEL', 'loud'],
  ['CHANNELS', '{}'],
  ['EVENTS_PER_SECOND', '1.5'],
  ['TIER_POLICY', '{"daily":'],
  ['TIER_POLICY', '{"daily":{"page_size":0}}'],
])('%s=%s is refused in one line that names it', (name, value) => {
  expect(() => readLocalConfig({ [name]: value })).toThrow(new RegExp(`^${name}\\b[^\\n]+$`));
});
