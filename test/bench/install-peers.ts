import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Installs what is measured beside us, and nothing else needs, where it is missing or not what the lock file says. */
export function installPeers(): void {
  if (changedAtMs('node_modules/.package-lock.json') >= changedAtMs('package-lock.json')) return;
  console.log('installing what is measured beside us');
  const args = ['ci', '--prefix', import.meta.dirname, '--no-audit', '--no-fund'];
  if (spawnSync('npm', args, { stdio: 'inherit' }).status !== 0) process.exit(1);
}

/** 0 for what is not there. */
function changedAtMs(file: string): number {
  return statSync(join(import.meta.dirname, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
