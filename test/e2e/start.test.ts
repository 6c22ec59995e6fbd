import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ROOT } from '../../bridge/local/paths.ts';
import { findFreePort } from '../../bridge/local/ports.ts';
import { BacktestUser } from './support/backtest-user.ts';

const folders: string[] = [];
const started: ChildProcess[] = [];
afterEach(() => {
  for (const { pid } of started.splice(0)) {
    if (isRunning(pid!)) for (const member of [pid!, ...descendants(pid!)]) process.kill(member, 'SIGKILL');
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'tickstock-')));
  return folders.at(-1)!;
}

/** What a user does: `npm start` in the repository. */
function npmStart(env: Record<string, string>, { detached = false } = {}) {
  const { REDIS_URL: _, ...inherited } = process.env;
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...inherited, PORT: '0', DATA_DIR: folder(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
  started.push(child);
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', chunk => (printed.stdout += chunk));
  child.stderr.on('data', chunk => (printed.stderr += chunk));
  const exit = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;

  async function ready(): Promise<string> {
    await expect.poll(() => child.exitCode !== null || /^ready /m.test(printed.stdout), { timeout: 60_000 }).toBe(true);
    const url = /^ready (http:\S+)$/m.exec(printed.stdout)?.[1];
    expect(url, printed.stderr).toBeDefined();
    return url!;
  }
  return { child, printed, exit, ready };
}

/** The processes that descend from one, itself excluded. */
function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return children.flatMap(child => [child, ...descendants(child)]);
}

function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z';
  } catch {
    return false;
  }
}

/** A client that is greeted, with what it is sent and how it ends. */
async function follow(url: string, topic: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/${topic}`, 'tickstock.v1');
  const followed = { messages: [] as Record<string, unknown>[], closedWith: null as number | null };
  socket.onmessage = ({ data }) => followed.messages.push(JSON.parse(data));
  socket.onclose = ({ code }) => {
    followed.closedWith = code;
  };
  await expect.poll(() => followed.messages.length, { timeout: 10_000 }).toBeGreaterThan(0);
  return followed;
}

/** The first so many events of a topic. */
async function events(url: string, topic: string, count: number): Promise<Record<string, unknown>[]> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/${topic}`, 'tickstock.v1');
  const received: Record<string, unknown>[] = [];
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === 'hello') socket.send(JSON.stringify({ type: 'subscribe', id: 's', snapshot: 1 }));
    if (message.type === 'events') received.push(...message.events);
  };
  await expect.poll(() => received.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(count);
  socket.close();
  return received.slice(0, count);
}

/** A PATH with Node's tools and no redis-server. */
function pathWithoutRedis(): string {
  const bin = folder();
  for (const tool of ['npm', 'sh']) {
    const found = process.env
      .PATH!.split(delimiter)
      .map(part => join(part, tool))
      .find(isFile)!;
    symlinkSync(found, join(bin, tool));
  }
  symlinkSync(process.execPath, join(bin, 'node'));
  return bin;
}

function isFile(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

test('npm start brings up page, API and live events, and leaves nothing behind when it is told to stop', async () => {
  const { child, printed, exit, ready } = npmStart({ SIMULATE_RATE: '20' });
  const url = await ready();

  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; object-src 'none'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  expect(page.headers.get('permissions-policy')).toContain('camera=()');
  expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await fetch(`${url}/api/health`)).status).toBe(200);
  expect(printed.stdout).toContain('AUTH_MODE=open');
  const answer = await fetch(`${url}/api/symbols`);
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
  expect((await fetch(`${url}/api/symbols`, { headers: { cookie } })).headers.get('set-cookie')).toBeNull();
  for (const topic of ['daily', 'intraday', 'combo']) {
    const [event] = await events(url, topic, 1);
    expect(event).toMatchObject({ kind: 'pattern', tier: topic, source: 'tickstock_simulator' });
  }
  expect(printed.stdout.match(/^ready /gm)).toHaveLength(1);
  expect(printed.stdout).toMatch(/redis-cli -p \d+ publish/);

  const family = descendants(child.pid!);
  expect(family.length).toBeGreaterThan(3);
  const guest = await follow(url, 'daily');
  const toldAtMs = Date.now();
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect(Date.now() - toldAtMs).toBeLessThan(5_000);
  await expect.poll(() => guest.closedWith, { timeout: 1_000 }).toBe(4012);
  expect(guest.messages.at(-1)).toMatchObject({ type: 'draining', retry_after_ms: 3_750 });
  await expect.poll(() => family.filter(isRunning), { timeout: 1_000 }).toEqual([]);
});

test('Ctrl-C, which every process at the terminal gets, stops the parts in order', async () => {
  const { child, printed, exit, ready } = npmStart({ SIMULATE_RATE: '200' }, { detached: true });
  const url = await ready();
  await events(url, 'daily', 10);
  const family = descendants(child.pid!);

  process.kill(-child.pid!, 'SIGINT');
  expect(await exit).toEqual([0, null]);
  expect(printed.stderr).not.toContain('batch not taken');
  expect(printed.stderr).not.toContain('may have been missed');
  await expect.poll(() => family.filter(isRunning), { timeout: 1_000 }).toEqual([]);
});

test('what is published as the console says arrives, and reference data that are loaded meanwhile are used', async () => {
  const dataDir = folder();
  const { printed, ready } = npmStart({ SIMULATE: '0', DATA_DIR: dataDir });
  const url = await ready();
  const example = /^ *(redis-cli -p \d+ publish .*)$/m.exec(printed.stdout)![1]!;
  spawn('sh', ['-c', example], { stdio: 'ignore' });

  expect(await events(url, 'daily', 1)).toMatchObject([{ kind: 'pattern', tier: 'daily' }]);

  const load = spawn('npm', ['run', 'reference', '--', 'docs/reference.example.json', '--local'], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: 'ignore',
  });
  expect(await once(load, 'close')).toEqual([0, null]);
  await expect.poll(() => printed.stdout, { timeout: 15_000 }).toContain('Reference data: 10 symbols, 2 universes');
  const { symbols } = (await (await fetch(`${url}/api/symbols`)).json()) as { symbols: { symbol: string }[] };
  expect(symbols).toContainEqual(expect.objectContaining({ symbol: 'AAPL', name: 'Apple Inc.', tiers: ['daily'] }));
  expect(symbols).toContainEqual(expect.objectContaining({ symbol: 'XOM', tiers: [], last_seen_at: null }));
});

test('without redis-server the built-in feed takes its place, and the console says so', async () => {
  const { child, printed, exit, ready } = npmStart({ PATH: pathWithoutRedis(), SIMULATE_RATE: '20' });
  const url = await ready();

  expect(printed.stdout).toContain('redis-server');
  expect(printed.stdout).toContain('built-in feed');
  expect(await events(url, 'intraday', 1)).toMatchObject([{ source: 'tickstock_simulator' }]);
  const user = await BacktestUser.arrive({ url });
  const { job_id, receivers } = await user.submit();
  expect(receivers).toBe(1);
  expect((await user.until(job_id, 'completed')).results).toMatchObject({ duration_days: 365 });
  child.kill('SIGINT');
  expect(await exit).toEqual([0, null]);
});

test('a wrong variable is named in one line, with status 1', async () => {
  const { printed, exit } = npmStart({ SIMULATE_RATE: 'fast' });

  expect(await exit).toEqual([1, null]);
  expect(printed.stderr).toMatch(/^SIMULATE_RATE: [^\n]+$/m);
  expect(printed.stdout).not.toContain('ready');
});

test('a port that is taken is told in one line, with status 1', async () => {
  const port = await findFreePort('127.0.0.1');
  const server = createServer().listen(port, '127.0.0.1');
  const { printed, exit } = npmStart({ PORT: String(port) });

  expect(await exit).toEqual([1, null]);
  expect(printed.stderr).toContain(`PORT: 127.0.0.1:${port} is in use`);
  server.close();
});

test('when a part ends by itself, the system says which and ends with status 1', async () => {
  const { child, printed, exit, ready } = npmStart({});
  await ready();
  const redis = descendants(child.pid!).find(pid => readlinkSync(`/proc/${pid}/exe`).includes('redis'))!;
  process.kill(redis, 'SIGKILL');

  expect(await exit).toEqual([1, null]);
  expect(printed.stderr).toMatch(/^redis-server ended/m);
});
