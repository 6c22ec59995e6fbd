import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepSessionSecret } from '../../bridge/local/session-secret.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tickstock-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const modeOf = () => statSync(join(dataDir, 'session-secret')).mode & 0o777;

test('a secret is made at the first start, kept for the next, and for the owner alone', () => {
  const secret = keepSessionSecret(dataDir);
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(modeOf()).toBe(0o600);
  expect(keepSessionSecret(dataDir)).toBe(secret);
});

test('another data folder has another secret', () => {
  const other = mkdtempSync(join(tmpdir(), 'tickstock-'));
  expect(keepSessionSecret(other)).not.toBe(keepSessionSecret(dataDir));
  rmSync(other, { recursive: true });
});

test('what others could read is closed to them again', () => {
  keepSessionSecret(dataDir);
  chmodSync(join(dataDir, 'session-secret'), 0o644);
  keepSessionSecret(dataDir);
  expect(modeOf()).toBe(0o600);
});

test('a file that holds something else is refused, and not written over', () => {
  writeFileSync(join(dataDir, 'session-secret'), 'short');
  expect(() => keepSessionSecret(dataDir)).toThrow(/^DATA_DIR: .*session-secret holds no secret/);
});
