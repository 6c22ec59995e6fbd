import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLocalConfig } from '../../bridge/local/config.ts';
import { type System, startSystem } from '../../bridge/local/system.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'tickstock-'));
let system: System;
beforeAll(async () => {
  const config = readLocalConfig({ PORT: '0', DATA_DIR: dataDir, SIMULATE_RATE: '20', LOG_LEVEL: 'fatal' });
  system = await startSystem({ ...config, seed: 1 });
});
afterAll(async () => {
  await system.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function newestSeq(): Promise<number> {
  const response = await fetch(`${system.url}/api/patterns/intraday?limit=1&confidence_min=0`);
  const { patterns } = (await response.json()) as { patterns: { seq: number }[] };
  return patterns[0]?.seq ?? 0;
}

test.each(['simulator', 'bridge', 'edge', 'redis'] as const)(
  '%s can be killed and started again where it was, and events go on',
  async name => {
    const { url, redisUrl } = system;
    await expect.poll(newestSeq, { timeout: 15_000 }).toBeGreaterThan(0);
    const before = await newestSeq();
    await system[name]!.kill();
    await system[name]!.start();

    await expect.poll(newestSeq, { timeout: 30_000 }).toBeGreaterThan(before + 20);
    expect(system).toMatchObject({ url, redisUrl });
  },
);

test('a second system on the same port is refused before it starts anything', async () => {
  const { host, port } = new URL(system.url);
  const config = readLocalConfig({ PORT: port, DATA_DIR: dataDir });

  await expect(startSystem(config)).rejects.toThrow(`PORT: ${host} is in use`);
});
