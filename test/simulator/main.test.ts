import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';

const MAIN = new URL('./main.ts', import.meta.url).pathname;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function simulator(...flags: string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...flags], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: {} });
  children.push(child);
  return child;
}

test('without Redis its messages go to the parent process, until it is told to stop', async () => {
  const child = simulator('--rate=200');
  const channels = new Set<string>();
  child.on('message', ({ channel }: { channel: string; raw: string }) => channels.add(channel));

  await expect.poll(() => channels.size, { timeout: 10_000 }).toBeGreaterThan(5);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('it ends by itself when its parent is gone', async () => {
  const child = simulator();
  await once(child, 'message');
  child.disconnect();

  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('it ends by itself after its duration', async () => {
  const child = simulator('--duration=0.2');

  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a wrong setting is told by name, with status 1', async () => {
  const child = simulator('--rate=9999');
  const told = once(child.stderr!, 'data');

  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(String(await told)).toMatch(/^simulator: rate: /);
});
