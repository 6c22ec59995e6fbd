import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BRIDGE_VARIABLES } from '../../bridge/config.ts';
import { inRepository, ROOT } from '../../bridge/local/paths.ts';
import { CHANNELS } from '../../shared/channels.ts';

const read = (path: string) => readFileSync(inRepository(path), 'utf8');
const valuesOf = (text: string, pattern: RegExp) => Array.from(text.matchAll(pattern), ([, value]) => value!);
const unit = read('docs/deployment/tickstock-bridge.service');
const container = read('docs/deployment/Containerfile');
const compose = read('docs/deployment/compose.yaml');

test('service and container start what npm run bridge starts, from what is in the repository', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const [inContainer] = valuesOf(container, /^CMD (\[.+\])$/gm).map(json => JSON.parse(json).join(' '));
  expect(`exec ${inContainer}`).toBe(scripts.bridge);
  expect(valuesOf(unit, /^ExecStart=\/usr\/bin\/(.+)$/gm)).toEqual([inContainer]);

  const copied = valuesOf(container, /^COPY (.+) \S+$/gm).flatMap(sources => sources.split(' '));
  expect(copied).toContain('bridge');
  for (const path of [...copied, ...valuesOf(compose, /dockerfile: (\S+)/g)]) {
    expect(() => statSync(inRepository(path)), path).not.toThrow();
  }
});

test('the container has the Node of the repository, and no root', () => {
  const { devDependencies } = JSON.parse(read('package.json'));
  expect(valuesOf(container, /^FROM .*node:([\d.]+)-/gm)).toEqual([devDependencies.node]);
  expect(valuesOf(container, /^USER (\S+)$/gm)).toEqual(['node']);
});

test('what waits is kept where it outlives the process', () => {
  const [kept] = valuesOf(unit, /^Environment=DATA_DIR=(\S+)$/gm);
  expect(kept).toBe(`/var/lib/${valuesOf(unit, /^StateDirectory=(\S+)$/gm)[0]}`);
  expect(valuesOf(container, /^ENV DATA_DIR=(\S+)$/gm)).toEqual([kept]);
  expect(valuesOf(container, /^VOLUME \["(\S+)"\]$/gm)).toEqual([kept]);
  expect(valuesOf(compose, /bridge-[ab]:(\/\S+)"\]/g)).toEqual([kept, kept]);
});

test('they set nothing that a bridge does not read', () => {
  const ofUnit = valuesOf(unit, /^(?:Environment=|# )(?=[A-Z]+_)([A-Z_]+)/gm);
  const ofContainer = valuesOf(container, /^ENV ([A-Z_]+)=/gm).filter(name => name !== 'NODE_ENV');
  const ofCompose = valuesOf(compose, /^ {6}([A-Z_]+):/gm);
  for (const set of [ofUnit, ofContainer, ofCompose]) {
    expect(set.length).toBeGreaterThan(1);
    expect(BRIDGE_VARIABLES).toEqual(expect.arrayContaining(set));
  }
});

test('the Redis user of the example may hear every channel', () => {
  const prefixes = valuesOf(compose, /- "&(tickstock.)\*"/g);
  expect(prefixes).toHaveLength(2);
  for (const channel of Object.keys(CHANNELS))
    expect(
      prefixes.some(prefix => channel.startsWith(prefix)),
      channel,
    ).toBe(true);
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test.runIf(hasSystemd)('systemd finds nothing wrong with the service, and little that it may do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tickstock-unit-'));
  const file = join(folder, 'tickstock-bridge.service');
  writeFileSync(file, unit.replace('/usr/bin/node', process.execPath).replace('/opt/tickstock-edge', ROOT));
  const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  const security = spawnSync('systemd-analyze', ['security', '--offline=yes', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(verified.stderr).toBe('');
  expect(Number(/exposure level.*: ([\d.]+)/.exec(security.stdout)![1])).toBeLessThan(2);
});
