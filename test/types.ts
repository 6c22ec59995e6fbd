/** Type-checks every part with the runtime types it is allowed to see, and no others. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

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
      const tsc = spawn('tsc', ['--project', project, '--checkers', '1'], { stdio: 'inherit' });
      const [status] = (await once(tsc, 'close')) as [number | null];
      if (status !== 0) failed = true;
    }
  }),
);
process.exit(failed ? 1 : 0);
