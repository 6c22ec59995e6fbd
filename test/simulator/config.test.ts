import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('publishes calmly and without end to the parent by default', () => {
  expect(readConfig([], {})).toEqual({
    redisUrl: null,
    seed: 1,
    patternsPerSecond: 4,
    durationMs: Number.POSITIVE_INFINITY,
  });
});

test('an empty variable counts as not given', () => {
  expect(readConfig([], { REDIS_URL: '', RATE: '' })).toMatchObject({ redisUrl: null, patternsPerSecond: 4 });
});

test('a flag wins over the environment', () => {
  const env = { REDIS_URL: 'redis://127.0.0.1:6379', SEED: '5', RATE: '10', DURATION: '3' };

  expect(readConfig(['--rate', '2000'], env)).toEqual({
    redisUrl: 'redis://127.0.0.1:6379',
    seed: 5,
    patternsPerSecond: 2_000,
    durationMs: 3_000,
  });
});

test.each([
  ['rate', '0'],
  ['rate', '2001'],
  ['rate', 'fast'],
  ['seed', '1.5'],
  ['duration', '-1'],
  ['redis-url', 'http://127.0.0.1'],
])('refuses --%s %j by name', (name, value) => {
  expect(() => readConfig([`--${name}=${value}`], {})).toThrow(`${name}: `);
});
