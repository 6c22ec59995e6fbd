import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLocalConfig } from '../../bridge/local/config.ts';
import { type System, startSystem } from '../../bridge/local/system.ts';
import { lintMetrics } from '../support/promtool.ts';

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

test('tells Prometheus every metric that the dashboard and the alerts ask for, by Prometheus’s own rules', async () => {
  await expect.poll(newestSeq, { timeout: 15_000 }).toBeGreaterThan(0);
  const urls = [`${system.url}/metrics`, `${system.bridgeUrl}/metrics`];
  const scrapes = await Promise.all(urls.map(async url => (await fetch(url)).text()));
  for (const scrape of scrapes) expect(lintMetrics(scrape)).toBe('');

  const lines = scrapes.join('').split('\n');
  const told = new Set(lines.flatMap(metricsToldBy));
  const files = ['docs/grafana/tickstock-edge.json', 'docs/prometheus/alerts.yml', 'docs/prometheus/alerts.test.yml'];
  for (const file of files) {
    const named = readFileSync(file, 'utf8').match(/tickstock_(edge|bridge)_\w+/g)!;
    expect([file, named.filter(name => !told.has(name))]).toEqual([file, []]);
  }
  const selected = readFileSync('docs/prometheus/alerts.yml', 'utf8').matchAll(/(tickstock_\w+)\{(\w+="\w+")\}/g);
  for (const [, name, label] of selected) {
    expect(lines.filter(line => line.startsWith(`${name}{`) && line.includes(label!))).not.toEqual([]);
  }
  expect(lines.some(line => /^tickstock_edge_hop_seconds_count\{.*hop="published_to_bridge"\} [1-9]/.test(line))).toBe(
    true,
  );
});

/** Of a line that says the type of a metric, the names of its samples. */
function metricsToldBy(line: string): string[] {
  const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
  if (name === undefined) return [];
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
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
