import { createPart, type Part } from './part.ts';
import { findFreePort } from './ports.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

/** Where the producer's messages come from. */
export interface RedisOfSystem {
  url: string;
  /** The server we started ourselves; null when it is the user's. */
  server: Part | null;
}

/** Starts a Redis unless there is one at `url`; null when there is no `redis-server` to start. */
export async function provideRedis(
  url: string | null,
  onFailure: (sentence: string) => void,
): Promise<RedisOfSystem | null> {
  if (url) return { url, server: null };
  const port = await findFreePort('127.0.0.1');
  let running: RedisServer | null = null;
  const server = createPart(async () => {
    running = await startRedis(port);
    running.failed.then(onFailure);
    return running;
  });
  try {
    await server.start();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return { url: running!.url, server };
}
