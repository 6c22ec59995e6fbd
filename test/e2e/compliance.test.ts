import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS } from '../../shared/channels.ts';
import { eventually } from '../support/eventually.ts';
import { flatPattern, Stack } from '../support/stack.ts';
import { Follower } from './support/follower.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack?.stop());

describe('a consumer and nothing else', () => {
  it('publishes on no channel and writes no key: all that Redis is asked is to subscribe and to answer', async () => {
    const watcher = await new Redis(stack.redisUrl).monitor();
    const seen: { command: string; channel: string | undefined }[] = [];
    watcher.on('monitor', (_time, [command, channel]: string[]) =>
      seen.push({ command: command!.toLowerCase(), channel }),
    );
    await stack.bridge.stop();
    await stack.startBridge();
    const follower = await Follower.open(stack.url, 'daily');
    await stack.publish('tickstock.events.patterns', flatPattern());
    await stack.publish('tickstock.events.patterns', 'not json');
    await eventually(() => expect(follower.events.length).toBe(1));
    await eventually(() => expect(seen.filter(({ command }) => command === 'ping').length).toBeGreaterThan(1));
    // The producer here is this test: its two messages, and its asking who is subscribed.
    const published = seen.filter(({ command }) => command === 'publish');
    expect(published.map(({ channel }) => channel)).toEqual(['tickstock.events.patterns', 'tickstock.events.patterns']);
    const asked = new Set(seen.map(({ command }) => command));
    asked.delete('publish');
    for (const command of asked)
      expect(['subscribe', 'pubsub', 'ping', 'client', 'info', 'select', 'hello', 'auth']).toContain(command);
    const subscribed = seen.filter(({ command }) => command === 'subscribe');
    expect(subscribed.length).toBeGreaterThan(0);
    expect(await stack.producer.dbsize()).toBe(0);
    follower.close();
    watcher.disconnect();
  });

  it('is subscribed to every channel of the table', async () => {
    const counts = (await stack.producer.pubsub('NUMSUB', ...Object.keys(CHANNELS))) as (string | number)[];
    for (let i = 0; i < counts.length; i += 2) expect([counts[i], counts[i + 1]]).toEqual([counts[i], 1]);
  });

  it('has a bridge that is connected to Redis and the Worker alone', () => {
    const peers = remotePorts(stack.bridge.process.pid!);
    expect(peers.length).toBeGreaterThan(0);
    for (const port of peers) expect([stack.redisPort, stack.edgePort]).toContain(port);
  });

  it('exports nothing that detects, generates or computes', () => {
    for (const file of sources('shared', 'bridge', 'workers', 'web')) {
      for (const [, name] of readFileSync(file, 'utf8').matchAll(
        /^export .*?(?:function\*?|class|const|let) (\w+)/gm,
      )) {
        expect(name, file).not.toMatch(/^(detect|generate|compute|calculate|analy[sz]e)/i);
      }
    }
  });
});

/** The ports at the other end of a process's established TCP connections, less those that others opened to it. */
function remotePorts(pid: number): number[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        // Closed since it was listed.
        return [];
      }
    }),
  );
  const sockets = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .slice(1)
    .map(line => line.trim().split(/\s+/))
    .filter(fields => fields[3] === '01' && inodes.has(fields[9]!))
    .map(fields => ({ local: portOf(fields[1]!), remote: portOf(fields[2]!) }));
  return sockets.filter(({ local }) => local !== stack.bridgePort).map(({ remote }) => remote);
}

function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1]!, 16);
}

function sources(...folders: string[]): string[] {
  return folders.flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts') && !name.startsWith('dist'))
      .map(name => join(folder, name)),
  );
}
