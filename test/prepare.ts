/**
 * What the tests need besides Node: a Redis server, a browser, and Prometheus's checker. Installs those that are missing where that is allowed
 * (root on Debian or Ubuntu), and says how to otherwise.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian packages, by the program each brings. */
const PACKAGES = { 'redis-server': 'redis-server', chromium: 'chromium', promtool: 'prometheus' };
/** With which the tests in the browser take half the time; without it they run in Chromium. */
const WELCOME = { 'chromium-headless-shell': 'chromium-headless-shell' };
/** Without a mirror to be reached it is soon known. */
const APT = 'apt-get -o Acquire::Retries=1 -o Acquire::http::Timeout=15 -o Acquire::https::Timeout=15';

const canInstall = process.getuid?.() === 0 && isOnPath('apt-get');
const missing = missingOf(PACKAGES);
const welcome = canInstall ? missingOf(WELCOME) : [];
if (missing.length > 0 && !canInstall) {
  const packages = missing.join(' ');
  console.error(
    `The tests need ${missing.join(' and ')}. On Debian: sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages}`,
  );
  process.exit(1);
}
if (missing.length + welcome.length > 0) apt('update');
if (missing.length > 0 && !install(missing)) {
  console.error(`The tests need ${missing.join(' and ')}, which could not be installed`);
  process.exit(1);
}
if (welcome.length > 0 && !install(welcome))
  console.warn(`Going on without ${welcome.join(' and ')}, which takes longer`);

function missingOf(packages: Record<string, string>): string[] {
  return Object.entries(packages).flatMap(([program, name]) => (isOnPath(program) ? [] : [name]));
}

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

function install(packages: string[]): boolean {
  console.log(`Installing ${packages.join(' and ')}`);
  return apt(`install -y --no-install-recommends ${packages.join(' ')}`);
}

function apt(words: string): boolean {
  const [program, ...args] = `${APT} ${words}`.split(' ') as [string, ...string[]];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  return spawnSync(program, args, { stdio: 'inherit', env }).status === 0;
}
