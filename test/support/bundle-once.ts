import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Holds the bundle of a run, as JSON. */
export const BUNDLE_VARIABLE = 'TEST_EDGE_BUNDLE';
const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * Bundles the Worker once for a whole run: the global setup of Vitest and of Playwright, whose workers inherit the
 * environment. In a process of its own, as Vitest's setup knows no `import.meta.resolve`.
 * @returns what takes the bundle away again
 */
export default async function bundleOnce(): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'tickstock-bundle-'));
  const script = join(import.meta.dirname, 'print-edge-bundle.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, dir], { maxBuffer: MAX_OUTPUT_BYTES });
  process.env[BUNDLE_VARIABLE] = stdout;
  return () => rm(dir, { recursive: true, force: true });
}
