/**
 * What the tests need besides Node: a Redis server and a browser. Installs those that are missing where that is allowed
 * (root on Debian or Ubuntu), and says how to otherwise.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian packages, by the program each brings. */
const PACKAGES = { 'redis-server': 'redis-server', chromium: 'chromium' };

const missing = Object.entries(PACKAGES).filter(([program]) => !isOnPath(program));
if (missing.length > 0) install(missing.map(([, name]) => name));

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(packages: string[]): void {
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    console.error(`The tests need ${packages.join(' and ')}. On Debian: sudo apt-get update && sudo ${command}`);
    process.exit(1);
  }
  console.log(`Installing ${packages.join(' and ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  for (const step of ['apt-get update', command]) {
    const [program, ...args] = step.split(' ') as [string, ...string[]];
    if (spawnSync(program, args, { stdio: 'inherit', env }).status !== 0) {
      console.error(`${step} failed: the tests need ${packages.join(' and ')}`);
      process.exit(1);
    }
  }
}
