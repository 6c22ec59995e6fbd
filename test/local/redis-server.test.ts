import { delimiter } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, expect, test, vi } from 'vitest';
import { findFreePort, isFreePort } from '../../bridge/local/ports.ts';
import { type RedisServer, startRedis } from '../../bridge/local/redis-server.ts';

let server: RedisServer | null = null;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
  server = null;
});

const start = async (port: number) => {
  server = await startRedis(port);
  return server;
};

test('it answers when it is said to have started, keeps nothing on disk, and is gone when it has stopped', async () => {
  const port = await findFreePort('127.0.0.1');
  const { url, stop } = await start(port);
  const redis = new Redis(url);

  expect(await redis.config('GET', 'save')).toEqual(['save', '']);
  expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'no']);
  redis.disconnect();
  expect(await isFreePort('127.0.0.1', port)).toBe(false);

  await stop();
  expect(await isFreePort('127.0.0.1', port)).toBe(true);
});

test('it can be killed and started again on the same port', async () => {
  const port = await findFreePort('127.0.0.1');
  await (await start(port)).kill();
  const again = new Redis((await start(port)).url);

  expect(await again.ping()).toBe('PONG');
  again.disconnect();
});

test('a port that is taken is told, even if a Redis answers there', async () => {
  const port = await findFreePort('127.0.0.1');
  await start(port);

  await expect(startRedis(port)).rejects.toThrow(`redis-server: port ${port} is in use`);
});

test('its end is told when nobody asked for it', async () => {
  const { url, failed } = await start(await findFreePort('127.0.0.1'));
  const redis = new Redis(url, { retryStrategy: null });
  redis.shutdown('NOSAVE').catch(() => null);

  expect(await failed).toMatch(/^redis-server ended \(status 0\)/);
});

test('without redis-server on the PATH the error says so', async () => {
  vi.stubEnv('PATH', ['/nowhere', '/nothing'].join(delimiter));

  await expect(startRedis(await findFreePort('127.0.0.1'))).rejects.toMatchObject({ code: 'ENOENT' });
});
