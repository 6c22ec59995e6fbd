import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from './child.ts';
import { isFreePort } from './ports.ts';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 10_000;
const RETRY_MS = 20;

/** A Redis of our own, which forgets everything when it ends. */
export interface RedisServer extends Child {
  url: string;
}

/**
 * Starts `redis-server` from the PATH on a loopback port, and waits until it answers.
 * @throws Error when the port is taken; one with code `ENOENT` when there is no `redis-server` on the PATH
 */
export async function startRedis(port: number): Promise<RedisServer> {
  // Whoever has the port may well answer a PING.
  if (!(await isFreePort(HOST, port))) throw new Error(`redis-server: port ${port} is in use`);
  const args = ['--bind', HOST, '--port', String(port), '--save', '', '--appendonly', 'no', '--loglevel', 'warning'];
  const child = await startChild('redis-server', 'redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const failed = child.failed.then(sentence => Promise.reject(new Error(sentence)));
  failed.catch(() => {
    // Told by `failed` of what is returned, once it runs.
  });
  await Promise.race([answers(port, Date.now() + START_TIMEOUT_MS), failed]);
  return { url: `redis://${HOST}:${port}`, ...child };
}

async function answers(port: number, deadlineMs: number): Promise<void> {
  while (!(await answersPing(port))) {
    if (Date.now() > deadlineMs) throw new Error(`redis-server does not answer on port ${port}`);
    await sleep(RETRY_MS);
  }
}

async function answersPing(port: number): Promise<boolean> {
  const socket = connect(port, HOST);
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [answer] = await once(socket, 'data');
    return String(answer).startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
