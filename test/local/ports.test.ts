import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { findFreePort, isFreePort } from '../../bridge/local/ports.ts';

const HOST = '127.0.0.1';

it('gives ports that are free and that Linux gives to no connection by itself, none twice', async () => {
  const [lowest] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split('\t').map(Number);
  const ports = await Promise.all(Array.from({ length: 2_000 }, () => findFreePort(HOST)));
  for (const port of ports) expect(port).toBeLessThan(lowest!);
  expect(new Set(ports).size).toBe(ports.length);
  expect(await isFreePort(HOST, ports[0]!)).toBe(true);
});

it('gives no port that another process was given and does not use yet', async () => {
  const code = `
    const { findFreePort } = await import(${JSON.stringify(new URL('../../bridge/local/ports.ts', import.meta.url).href)});
    const ports = await Promise.all(Array.from({ length: 1_000 }, () => findFreePort('${HOST}')));
    console.log(JSON.stringify(ports));
    setInterval(() => {}, 1_000);`;
  const other = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface(other.stdout), 'line');
    const theirs = new Set<number>(JSON.parse(line));
    const ours = await Promise.all(Array.from({ length: 1_000 }, () => findFreePort(HOST)));
    expect(ours.filter(port => theirs.has(port))).toEqual([]);
  } finally {
    other.kill();
  }
});

it('tells a port that is taken', async () => {
  const port = await findFreePort(HOST);
  const server = createServer();
  await new Promise<void>(resolve => server.listen(port, HOST, resolve));
  expect(await isFreePort(HOST, port)).toBe(false);
  server.close();
});
