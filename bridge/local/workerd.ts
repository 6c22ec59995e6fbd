import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/** What Miniflare would start. */
const BINARY =
  process.env.MINIFLARE_WORKERD_PATH ??
  (createRequire(import.meta.resolve('miniflare'))('workerd') as { default: string }).default;

/**
 * Has Miniflare start workerd out of the terminal's reach. Ctrl-C goes to every process there, and would end workerd
 * while the bridge still posts to it; a signal that the script ignores stays ignored by what it becomes.
 */
export function shieldWorkerd(dataDir: string): void {
  const script = resolve(dataDir, 'workerd.sh');
  const binary = BINARY.replaceAll("'", `'\\''`);
  writeFileSync(script, `#!/bin/sh\ntrap '' INT HUP\nexec '${binary}' "$@"\n`, { mode: 0o755 });
  process.env.MINIFLARE_WORKERD_PATH = script;
}
