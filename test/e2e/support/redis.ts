import { Redis } from 'ioredis';
import { vi } from 'vitest';
import type { Child } from '../../../bridge/local/child.ts';
import { findFreePort } from '../../../bridge/local/ports.ts';
import { startRedisServer } from './redis-server.ts';

/** A real redis-server on a free loopback port, without persistence, that can be taken away and brought back. */
export interface TestRedis {
  port: number;
  url: string;
  start(): Promise<void>;
  /** Ends it at once. */
  stop(): Promise<void>;
  /** Keeps its connections open and answers nothing, as a broken network would. */
  freeze(): void;
  thaw(): void;
  /** Publishes as the producer would; resolves with how many subscribers got it. */
  publish(channel: string, message: object | string): Promise<number>;
  /** Ends the connection of that name, as soon as there is one. */
  kill(name: string): Promise<void>;
  /** A connection with all rights, closed with the server. */
  client(): Redis;
}

export async function createRedis({ password = '' } = {}): Promise<TestRedis> {
  const port = await findFreePort('127.0.0.1');
  const clients: Redis[] = [];
  let server: Child | null = null;
  let publisher: Redis | null = null;

  const client = () => {
    const redis = new Redis({ host: '127.0.0.1', port, password });
    redis.on('error', () => {
      // The server is taken away on purpose.
    });
    clients.push(redis);
    return redis;
  };

  async function start(): Promise<void> {
    publisher = client();
    server = await startRedisServer(publisher, ['--port', `${port}`, ...(password ? ['--requirepass', password] : [])]);
  }

  async function stop(): Promise<void> {
    for (const redis of clients.splice(0)) redis.disconnect();
    await server?.kill();
  }

  return {
    port,
    url: `redis://${password && `:${password}@`}127.0.0.1:${port}`,
    start,
    stop,
    freeze: () => server!.process.kill('SIGSTOP'),
    thaw: () => server!.process.kill('SIGCONT'),
    publish: (channel, message) =>
      publisher!.publish(channel, typeof message === 'string' ? message : JSON.stringify(message)),
    kill: async name => {
      const line = new RegExp(`^id=(\\d+) .* name=${name} `, 'm');
      const id = await vi.waitUntil(async () => line.exec(String(await publisher!.client('LIST')))?.[1], 10_000);
      await publisher!.client('KILL', 'ID', id);
    },
    client,
  };
}
