/**
 * Type-checks every part with the runtime types it is allowed to see, and no others. What was found is kept with the
 * installed packages, so that the next time only what has changed is checked.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const KEPT_IN = 'node_modules/.cache/types';
const PROJECTS = [
  'shared',
  'bridge/normalise',
  'bridge/outbox',
  'bridge',
  'workers/core',
  'workers/documents',
  'workers',
  'web/client',
  'web/client/build',
  'web/client/examples',
  'web',
  'test',
  'test/workers',
];

/** Each is checked by one thread: several check what they share each for itself, which takes more time than they save. */
const AT_ONCE = availableParallelism();

const left = PROJECTS.filter(folder => existsSync(`${folder}/tsconfig.json`));
let failed = false;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    // The last are the largest.
    for (let project = left.pop(); project !== undefined; project = left.pop()) {
      const kept = `${KEPT_IN}/${project.replaceAll('/', '-')}.tsbuildinfo`;
      const args = ['--project', project, '--checkers', '1', '--incremental', '--tsBuildInfoFile', kept];
      const tsc = spawn('tsc', args, { stdio: 'inherit' });
      const [status] = (await once(tsc, 'close')) as [number | null];
      if (status !== 0) failed = true;
    }
  }),
);
process.exit(failed ? 1 : 0);
