/** Type-checks every part with the runtime types it is allowed to see, and no others. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PROJECTS = [
  'shared',
  'bridge/normalise',
  'bridge/outbox',
  'bridge',
  'workers/core',
  'workers',
  'web/client',
  'web',
  'test',
  'test/workers',
];

let failed = false;
for (const project of PROJECTS.filter(folder => existsSync(`${folder}/tsconfig.json`))) {
  const { status } = spawnSync('tsc', ['--project', project], { stdio: 'inherit' });
  if (status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
