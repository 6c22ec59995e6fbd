import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { promtool } from '../support/promtool.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string }[];
}

const { panels } = JSON.parse(readFileSync('docs/grafana/tickstock-edge.json', 'utf8')) as { panels: Panel[] };

it('Prometheus understands what every panel asks', () => {
  const exprs = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  expect(exprs.length).toBeGreaterThan(panels.length / 2);
  const rules = exprs.map((expr, i) => ({
    record: `panel:${i}`,
    expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$topic', '.*'),
  }));
  const folder = mkdtempSync(join(tmpdir(), 'tickstock-dashboard-'));
  // JSON is YAML.
  writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'panels', rules }] }));
  expect(promtool(['check', 'rules', join(folder, 'rules.yml')])).toBe('');
  rmSync(folder, { recursive: true });
});

it('no panel lies over another, and each has an id of its own', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(cells.filter((cell, i) => cells.indexOf(cell) !== i)).toEqual([]);
});
