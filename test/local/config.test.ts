import { expect, test } from 'vitest';
import { readLocalConfig } from '../../bridge/local/config.ts';

test('nothing set gives a complete system on this machine, fed by the simulator', () => {
  expect(readLocalConfig({})).toEqual({
    host: '127.0.0.1',
    port: 8787,
    bridgePort: 0,
    redisUrl: null,
    simulate: true,
    simulateRate: 4,
    dataDir: '.tickstock',
    appEnv: 'development',
    workerVars: {
      APP_ENV: 'development',
      AUTH_MODE: 'open',
      EVENTS_PER_SECOND: '100',
      ALLOWED_ORIGINS: '',
      TIER_POLICY: '',
      ROUTER_RULES: '',
    },
  });
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
    DATA_DIR: '/var/lib/tickstock',
    APP_ENV: 'production',
    AUTH_MODE: 'jwt',
    EVENTS_PER_SECOND: '0',
    ALLOWED_ORIGINS: 'https://charts.example',
    TIER_POLICY: '{"daily":{"page_size":20}}',
    ROUTER_RULES: '[]',
  };

  expect(readLocalConfig(env)).toMatchObject({
    port: 0,
    host: '0.0.0.0',
    bridgePort: 9_100,
    simulateRate: 2_000,
    dataDir: '/var/lib/tickstock',
    appEnv: 'production',
    workerVars: {
      APP_ENV: 'production',
      AUTH_MODE: 'jwt',
      EVENTS_PER_SECOND: '0',
      ALLOWED_ORIGINS: 'https://charts.example',
      TIER_POLICY: '{"daily":{"page_size":20}}',
      ROUTER_RULES: '[]',
    },
  });
});

test('an empty variable counts as not set', () => {
  expect(readLocalConfig({ PORT: '', REDIS_URL: '', SIMULATE: '' })).toEqual(readLocalConfig({}));
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
  ['EVENTS_PER_SECOND', '1.5'],
  ['TIER_POLICY', '{"daily":'],
  ['TIER_POLICY', '{"daily":{"page_size":0}}'],
])('%s=%s is refused in one line that names it', (name, value) => {
  expect(() => readLocalConfig({ [name]: value })).toThrow(new RegExp(`^${name}\\b[^\\n]+$`));
});
