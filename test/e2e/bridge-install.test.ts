import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { inRepository } from '../../bridge/local/paths.ts';
import { findFreePort } from '../../bridge/local/ports.ts';
import { createFolder } from './support/bridge.ts';
import { createRedis } from './support/redis.ts';
import { SECRET, startEdge } from './support/stand-in-edge.ts';

const STOPS_WITHIN_MS = 5_000;
const CONTAINERFILE = readFileSync(inRepository('docs/deployment/Containerfile'), 'utf8').split('\n');
const GUIDE = readFileSync(inRepository('docs/deployment.md'), 'utf8');

it('a bridge installed as the Containerfile does it hears Redis by the rights of docs/deployment.md, and ends within 5 s', async () => {
  const folder = createFolder();
  await install(folder);
  const redis = await createRedis();
  onTestFinished(() => redis.stop());
  await redis.start();
  const edge = await startEdge();
  onTestFinished(() => edge.stop());
  const [, user, rights] = /ACL SETUSER (\S+) (.+)/.exec(GUIDE)!;
  await redis.client().call('ACL', 'SETUSER', user!, ...rights!.replace('PASSWORD', 'secret').split(' '));

  const port = await findFreePort('127.0.0.1');
  const bridge = spawn(process.execPath, commandOf(/^CMD /, port), {
    cwd: folder,
    env: {
      REDIS_URL: redis.url.replace('redis://', `redis://${user}:secret@`),
      WORKER_URL: edge.url,
      INGEST_SECRET: SECRET,
      BRIDGE_PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      LOG_LEVEL: 'silent',
      APP_ENV: 'production',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  onTestFinished(() => void bridge.kill('SIGKILL'));

  // Where the first answer of Redis was slow, which a busy machine is enough for, health says so until the next, a minute later.
  await expect
    .poll(() => healthOf(port), { timeout: 90_000 })
    .toMatchObject({ status: 'ok', redis: { connected: true } });
  expect(await exitOf(spawn(process.execPath, commandOf(/^ {2}CMD /, port)))).toBe(0);

  bridge.kill('SIGTERM');
  expect(await exitOf(bridge)).toBe(0);
});

/** Does what the Containerfile says, in a folder instead of an image. */
async function install(folder: string): Promise<void> {
  for (const line of CONTAINERFILE) {
    const sources = /^COPY (.+) \S+$/.exec(line)?.[1]?.split(' ') ?? [];
    for (const path of sources) cpSync(inRepository(path), join(folder, path), { recursive: true });
    const npm = /^RUN npm (.+)$/.exec(line)?.[1]?.split(' ');
    if (npm) await promisify(execFile)('npm', [...npm, '--prefer-offline'], { cwd: folder });
  }
}

/** The arguments that the Containerfile gives to `node`, with another port. */
function commandOf(start: RegExp, port: number): string[] {
  const line = CONTAINERFILE.find(text => start.test(text))!;
  const [node, ...args] = JSON.parse(line.replace(start, '').replace('9464', String(port))) as string[];
  expect(node).toBe('node');
  return args;
}

/** The code that a process ends with; one that does not end in time fails. */
async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(STOPS_WITHIN_MS) });
  return code;
}

async function healthOf(port: number): Promise<unknown> {
  return fetch(`http://127.0.0.1:${port}/healthz`).then(response => response.json(), String);
}
