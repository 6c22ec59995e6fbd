import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what systems hand out by themselves: a part that is to listen later finds its port still free. */
const PORTS = { from: 20_000, to: 32_767 };

/**
 * A port that nobody listens on now, that no connection is given while nobody does, and that no other process finds here
 * for as long as this one lives.
 */
export async function findFreePort(host: string): Promise<number> {
  for (let attempts = 0; attempts < 100; attempts++) {
    const port = randomInt(PORTS.from, PORTS.to + 1);
    if ((await reserve(host, port)) && (await isFreePort(host, port))) return port;
  }
  throw new Error(`no free port on ${host}`);
}

/** Whether a server could listen there now. */
export async function isFreePort(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/** Takes the port of the same number for UDP, which nothing here uses: the system gives it back when this process ends. */
async function reserve(host: string, port: number): Promise<boolean> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind(port, host);
    await once(socket, 'listening');
    socket.unref();
    return true;
  } catch {
    socket.close();
    return false;
  }
}
