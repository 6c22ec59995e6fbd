import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { promtool } from '../support/promtool.ts';

const alerts = readFileSync('docs/prometheus/alerts.yml', 'utf8');
const cases = readFileSync('docs/prometheus/alerts.test.yml', 'utf8').split('\n  - name: ').slice(1);
const operations = readFileSync('docs/operations.md', 'utf8');

const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => name!);
const [, runbook] = /^## Runbook$(.*?)^## /ms.exec(operations)!;
const entries = [...runbook!.matchAll(/^### (\w+)$/gm)].map(([, name]) => name!);

describe('the files for Prometheus', () => {
  it.each([
    ['check', 'rules', 'docs/prometheus/alerts.yml'],
    ['check', 'config', '--syntax-only', 'docs/prometheus/scrape.yml'],
    ['test', 'rules', 'docs/prometheus/alerts.test.yml'],
  ])('pass promtool %s %s', (...args) => {
    expect(promtool(args)).toBe('');
  });
});

describe('an alert', () => {
  it.each(names)('%s is shown to fire on what it is for, and to be silent otherwise', name => {
    const own = cases.filter(text => text.includes(`alertname: ${name}\n`));
    expect(own.filter(text => text.includes('- exp_labels:'))).not.toEqual([]);
    expect(own.filter(text => text.includes('exp_alerts: []'))).not.toEqual([]);
  });

  it.each(names)('%s says what it is, and names its entry in the runbook', name => {
    const [rule] = new RegExp(`- alert: ${name}\n(?:(?!- alert).|\n)*`).exec(alerts)!;
    for (const annotation of ['summary', 'description']) expect(rule).toMatch(new RegExp(`${annotation}: ["'].{10,}`));
    expect(rule).toContain(`runbook_url: docs/operations.md#${name.toLowerCase()}`);
    expect(rule).toMatch(/severity: (critical|warning) /);
  });

  it('has an entry in the runbook, and every entry an alert', () => {
    expect(entries).toEqual(names);
  });

  it.each(entries)('is told by the entry %s: what users see, what to look at, what to do', name => {
    const [, entry] = new RegExp(`^### ${name}$(.*?)(?=^##|(?![^]))`, 'ms').exec(runbook!)!;
    for (const part of ['- **Users see:** ', '- **Look at:** ', '- **Do:** ']) expect(entry).toContain(part);
  });
});
