import type { Redis } from 'ioredis';
import { vi } from 'vitest';
import { type Child, startChild } from '../../../bridge/local/child.ts';

/**
 * Starts a redis-server without persistence, and waits until `client` is connected to it.
 * @throws Error with what the server said last, when it ends instead
 */
export async function startRedisServer(client: Redis, args: string[]): Promise<Child> {
  const all = [...args, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = await startChild('redis-server', 'redis-server', all, { stdio: ['ignore', 'pipe', 'pipe'] });
  let ended = '';
  child.failed.then(sentence => {
    ended = sentence;
  });
  await vi.waitUntil(
    () => {
      if (ended) throw new Error(ended);
      return client.status === 'ready';
    },
    { timeout: 20_000, interval: 20 },
  );
  return child;
}
