import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { createPost } from '../../bridge/sink.ts';
import { SIGNATURE_HEADER } from '../../shared/ingest-protocol.ts';

const NEVER = new AbortController().signal;
const servers: Server[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) server.closeAllConnections();
});

async function listen(answer: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function postTo(answer: RequestListener): Promise<unknown> {
  const { url } = await listen(answer);
  return createPost(url, 'secret', () => 1_000)('{"a":1}', NEVER);
}

it('posts signed JSON, and gives the status with the body of the answer', async () => {
  const asked: unknown[] = [];
  const result = await postTo(async (request, response) => {
    const body = (await request.toArray()).join('');
    asked.push([request.method, request.url, request.headers['content-type'], body, request.headers[SIGNATURE_HEADER]]);
    response.writeHead(202).end('{"taken":1}');
  });
  expect(result).toEqual({ status: 202, body: { taken: 1 } });
  // printf '1000.{"a":1}' | openssl dgst -sha256 -hmac secret
  const signature = 't=1000,v1=79735020b7448fd0956ae8a025e12d8e8e654b3b2d7757e722076546bb0f8e3b';
  expect(asked).toEqual([['POST', '/ingest', 'application/json', '{"a":1}', signature]]);
});

it('keeps its connection, and makes another when that was closed meanwhile', async () => {
  const { url, server } = await listen((_, response) => response.end('{}'));
  let connections = 0;
  let open = 0;
  server.on('connection', socket => {
    connections++;
    open++;
    socket.on('close', () => open--);
  });
  const post = createPost(url, 'secret', Date.now);
  for (let i = 0; i < 3; i++) expect(await post('{}', NEVER)).toEqual({ status: 200, body: {} });
  expect(connections).toBe(1);
  server.closeIdleConnections();
  await vi.waitUntil(() => open === 0);
  expect(await post('{}', NEVER)).toEqual({ status: 200, body: {} });
  expect(connections).toBe(2);
});

it('gives the status of an answer that is not JSON, and follows no redirect', async () => {
  expect(await postTo((_, response) => response.writeHead(502).end('<html>'))).toEqual({
    status: 502,
    body: undefined,
  });
  const elsewhere = await postTo((_, response) => response.writeHead(307, { location: '/other' }).end());
  expect(elsewhere).toEqual({ status: 307, body: undefined });
});

it('says why there is no answer, or only half of one', async () => {
  const { url, server } = await listen(() => undefined);
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  const refused = await createPost(url, 'secret', Date.now)('{}', NEVER);
  expect(refused).toEqual({ failure: expect.stringMatching(/^connect ECONNREFUSED 127\.0\.0\.1:\d+$/) });
  expect(await postTo(request => request.destroy())).toEqual({ failure: 'ECONNRESET: socket hang up' });
  const half = await postTo((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"accepted"', () => response.destroy());
  });
  expect(half).toEqual({ failure: 'ECONNRESET: aborted' });
});

it('waits no longer for an answer than its time, and not at all when it is told to end', async () => {
  const own = AbortSignal.timeout;
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(ms => own.call(AbortSignal, ms / 1_000));
  const late = await postTo(() => undefined);
  expect(late).toEqual({ failure: 'The operation was aborted due to timeout' });
  vi.restoreAllMocks();
  const abort = new AbortController();
  const { url } = await listen(() => abort.abort());
  expect(await createPost(url, 'secret', Date.now)('{}', abort.signal)).toEqual({ failure: expect.any(String) });
});
