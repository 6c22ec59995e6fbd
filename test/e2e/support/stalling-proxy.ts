import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a bridge and Redis, as a network that fails in the middle of things. */
export interface StallingProxy {
  port: number;
  /** When the client gave up the connection that stalls; null before. */
  leftAtMs(): number | null;
  stop(): Promise<void>;
}

/** The first connection that subscribes stalls for good once Redis has confirmed one channel; all else passes. */
export async function startStallingProxy(redisPort: number): Promise<StallingProxy> {
  const sockets: Socket[] = [];
  let leftAtMs: number | null = null;
  let hasStalled = false;

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
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    leftAtMs: () => leftAtMs,
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
