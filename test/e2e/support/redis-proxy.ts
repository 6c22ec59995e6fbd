import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const TRICKLE_BYTES = 100;
const TRICKLE_EVERY_MS = 10;

/** Stands between a bridge and Redis. */
export interface RedisProxy {
  port: number;
  stop(): Promise<void>;
}

/** As a network that fails in the middle of things. */
export interface StallingProxy extends RedisProxy {
  /** When the client gave up the connection that stalls; null before. */
  leftAtMs(): number | null;
}

/** Brings what Redis says no faster than a bridge reads that has no time. */
export interface TricklingProxy extends RedisProxy {
  /** From now on what Redis says comes in a trickle. */
  trickle(): void;
  /** All comes at once again. */
  open(): void;
}

/** The first connection that subscribes stalls for good once Redis has confirmed one channel; all else passes. */
export async function startStallingProxy(redisPort: number): Promise<StallingProxy> {
  let hasStalled = false;
  let leftAtMs: number | null = null;
  const proxy = await startProxy(redisPort, (redis, client) => {
    redis.on('data', chunk => {
      const end = hasStalled ? -1 : endOfConfirmation(chunk);
      if (end < 0) {
        client.write(chunk);
        return;
      }
      hasStalled = true;
      client.write(chunk.subarray(0, end));
      redis.removeAllListeners('data').resume();
      client.once('close', () => {
        leftAtMs = Date.now();
      });
    });
  });
  return { ...proxy, leftAtMs: () => leftAtMs };
}

export async function startTricklingProxy(redisPort: number): Promise<TricklingProxy> {
  let isOpen = true;
  async function* paced(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += TRICKLE_BYTES) {
        yield chunk.subarray(at, at + TRICKLE_BYTES);
        if (!isOpen) await sleep(TRICKLE_EVERY_MS);
      }
    }
  }
  const proxy = await startProxy(redisPort, (redis, client) => {
    pipeline(redis, paced, client, () => {
      // Either end may be gone first.
    });
  });
  return {
    ...proxy,
    trickle: () => {
      isOpen = false;
    },
    open: () => {
      isOpen = true;
    },
  };
}

/** @param answer passes on what Redis says */
async function startProxy(redisPort: number, answer: (redis: Socket, client: Socket) => void): Promise<RedisProxy> {
  const sockets: Socket[] = [];
  const server = createServer(client => {
    const redis = connect(redisPort, '127.0.0.1');
    sockets.push(client, redis);
    for (const [one, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      one.on('close', () => other.destroy());
      one.on('error', () => {
        // Either end may be gone first.
      });
    }
    client.pipe(redis);
    answer(redis, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Where the first `subscribe <channel> 1` of Redis ends; -1 when there is none. */
function endOfConfirmation(chunk: Buffer): number {
  const begins = chunk.indexOf('subscribe\r\n');
  const counts = begins < 0 ? -1 : chunk.indexOf(':1\r\n', begins);
  return counts < 0 ? -1 : counts + ':1\r\n'.length;
}
