import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { SIGNATURE_HEADER } from '../../shared/ingest-protocol.ts';
import { createRandom, type Random } from '../simulator/random.ts';

const HOST = '127.0.0.1';
const MAX_DELAY_MS = 400;
/** Old requests that can come again. */
const REMEMBERED = 50;

export type IngestTrouble = 'delayed' | 'cut' | 'answers_cut' | 'doubled' | 'repeated';

interface Posted {
  path: string;
  headers: Record<string, string>;
  body: Buffer<ArrayBuffer>;
}

interface Answer {
  status: number;
  body: string;
}

/** Stands between bridges and the Worker, as a network in which requests are late, lost, doubled and out of order. */
export class IngestProxy {
  readonly port: number;
  readonly troubles = new Set<IngestTrouble>();
  readonly #server;
  readonly #workerUrl: string;
  readonly #random: Random;
  readonly #posted: Posted[] = [];

  private constructor(server: ReturnType<typeof createServer>, workerUrl: string, seed: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.#workerUrl = workerUrl;
    this.#random = createRandom(seed);
    server.on('request', (request, response) => {
      this.#pass(request, response).catch(() => request.socket.destroy());
    });
  }

  static async start(workerUrl: string, seed: number): Promise<IngestProxy> {
    const server = createServer();
    server.listen(0, HOST);
    await once(server, 'listening');
    return new IngestProxy(server, workerUrl, seed);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const posted = await read(request);
    if (this.#hits('cut')) throw new Error('cut before it arrived');
    if (this.#hits('delayed')) await sleep(this.#random.between(0, MAX_DELAY_MS));
    if (this.#posted.length > 0 && this.#hits('repeated')) await this.#forward(this.#random.pick(this.#posted));
    this.#posted.push(posted);
    if (this.#posted.length > REMEMBERED) this.#posted.shift();
    const copies = this.#hits('doubled') ? 2 : 1;
    const [answer] = (await Promise.all(Array.from({ length: copies }, () => this.#forward(posted)))) as [Answer];
    if (this.#hits('answers_cut')) throw new Error('cut before the answer');
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  }

  /** Half of what passes while there is trouble. */
  #hits(trouble: IngestTrouble): boolean {
    return this.troubles.has(trouble) && this.#random.chance(0.5);
  }

  async #forward({ path, headers, body }: Posted): Promise<Answer> {
    const answer = await fetch(this.#workerUrl + path, { method: 'POST', headers, body });
    return { status: answer.status, body: await answer.text() };
  }
}

async function read(request: IncomingMessage): Promise<Posted> {
  const signature = String(request.headers[SIGNATURE_HEADER] ?? '');
  return {
    path: request.url ?? '/',
    headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature },
    body: Buffer.from(await buffer(request)),
  };
}
