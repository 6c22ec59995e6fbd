import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { defaultRuntime } from '../../../web/client/runtime.ts';

it('uses the clock, the timers and the random numbers of the platform', async () => {
  const runtime = defaultRuntime();
  const beforeMs = Date.now();
  await new Promise<void>(resolve => runtime.setTimer(resolve, 1));
  expect(runtime.now()).toBeGreaterThanOrEqual(beforeMs);
  const random = runtime.random();
  expect(random >= 0 && random < 1).toBe(true);
});

it('lets a timer be taken back', async () => {
  const runtime = defaultRuntime();
  const ran: string[] = [];
  const timer = runtime.setTimer(() => ran.push('taken back'), 1);
  runtime.clearTimer(timer);
  await new Promise<void>(resolve => runtime.setTimer(resolve, 5));
  expect(ran).toEqual([]);
});

it('opens the WebSocket of the platform, offering the protocols', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  try {
    const request = once(server, 'connection').then(async ([connection]) => {
      const [bytes] = await once(connection, 'data');
      connection.destroy();
      return String(bytes);
    });
    const socket = defaultRuntime().openSocket(`ws://127.0.0.1:${port}/ws/daily`, ['tickstock.v1', 'ticket.abc']);
    const closed = new Promise<{ code: number; reason: string }>(resolve => {
      socket.onclose = resolve;
    });
    const text = await request;
    expect(text).toContain('GET /ws/daily');
    expect(text.toLowerCase()).toMatch(/sec-websocket-protocol: tickstock\.v1, ?ticket\.abc/);
    expect((await closed).code).toBe(1006);
  } finally {
    server.close();
  }
});

it('asks over HTTP with the platform’s fetch', async () => {
  const server = createServer(connection => {
    connection.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n42');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  try {
    const answer = await defaultRuntime().request(`http://127.0.0.1:${port}/api/x`, {
      headers: { authorization: 'a' },
    });
    expect([answer.ok, await answer.json()]).toEqual([true, 42]);
  } finally {
    server.close();
  }
});
