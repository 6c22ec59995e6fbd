import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const HOST = '127.0.0.1';
/** Of a slow reader. */
const SLOW_BYTES_PER_SECOND = 64 * 1_024;
const SLOW_TICK_MS = 50;

/** Stands between one client and the Worker, as a network that gets worse. */
export class SocketProxy {
  readonly port: number;
  readonly #server;
  readonly #pairs = new Set<[client: Socket, worker: Socket]>();
  #isFrozen = false;
  #slowTimer: NodeJS.Timeout | null = null;

  private constructor(server: ReturnType<typeof createServer>, workerPort: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', client => this.#pair(client, connect(workerPort, HOST)));
  }

  static async start(workerPort: number): Promise<SocketProxy> {
    const server = createServer();
    server.listen(0, HOST);
    await once(server, 'listening');
    return new SocketProxy(server, workerPort);
  }

  cut(): void {
    for (const [client, worker] of this.#pairs) {
      client.destroy();
      worker.destroy();
    }
  }

  /** Keeps connections open, and lets nothing through either way. */
  freeze(isFrozen: boolean): void {
    this.#isFrozen = isFrozen;
    for (const pair of this.#pairs) {
      for (const socket of pair) {
        if (isFrozen) socket.pause();
        else socket.resume();
      }
    }
  }

  /** Lets little through to the client. */
  slow(isSlow: boolean): void {
    if (this.#slowTimer) clearInterval(this.#slowTimer);
    this.#slowTimer = null;
    if (!isSlow) {
      for (const [, worker] of this.#pairs) worker.resume();
      return;
    }
    let allowed = 0;
    const taken = () => [...this.#pairs].reduce((sum, [, { bytesRead }]) => sum + bytesRead, 0);
    const before = taken();
    this.#slowTimer = setInterval(() => {
      allowed += (SLOW_BYTES_PER_SECOND * SLOW_TICK_MS) / 1_000;
      const isAhead = taken() - before > allowed;
      for (const [, worker] of this.#pairs) {
        if (isAhead) worker.pause();
        else worker.resume();
      }
    }, SLOW_TICK_MS);
  }

  async stop(): Promise<void> {
    this.slow(false);
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pair(client: Socket, worker: Socket): void {
    const pair: [Socket, Socket] = [client, worker];
    this.#pairs.add(pair);
    for (const [one, other] of [pair, [worker, client]] as const) {
      one.on('data', chunk => other.write(chunk));
      one.on('end', () => other.end());
      one.on('error', () => {
        // Either end may be gone first.
      });
      one.on('close', () => {
        other.destroy();
        this.#pairs.delete(pair);
      });
      if (this.#isFrozen) one.pause();
    }
  }
}
