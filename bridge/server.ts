import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Log, sayError } from './log.ts';

export interface ServerOptions {
  host: string;
  port: number;
  /** The document of /healthz. */
  health: () => object;
  /** Whether the process can still do its work: once it is stopping it cannot. */
  isAlive: () => boolean;
  /** Prometheus text. */
  metrics: () => Promise<string>;
  metricsType: string;
  log: Log;
}

/**
 * Serves `/healthz` and `/metrics`.
 *
 * `/healthz` answers 200 for as long as the process does its work, degraded or not, as a restart would bring neither
 * Redis nor the Worker back and would lose what waits; its `status` and `reasons` say how things are. It answers 503
 * only while the bridge stops.
 *
 * @throws the system's error when the port cannot be listened on
 */
export async function startServer({
  host,
  port,
  ...options
}: ServerOptions): Promise<{ port: number; server: Server }> {
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '/').split('?')[0];
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'text/plain', 'GET only\n');
      else if (path === '/healthz') {
        answer(response, options.isAlive() ? 200 : 503, 'application/json', `${JSON.stringify(options.health())}\n`);
      } else if (path === '/metrics') answer(response, 200, options.metricsType, await options.metrics());
      else answer(response, 404, 'text/plain', '/healthz and /metrics are here\n');
    } catch (error) {
      options.log.error({ error: sayError(error), path }, 'cannot answer');
      answer(response, 500, 'text/plain', 'see the log\n');
    }
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
