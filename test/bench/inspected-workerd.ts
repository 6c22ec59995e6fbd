/**
 * Has every workerd that is started while `INSPECTOR_VARIABLE` is set listen there for an inspector, through which the bench
 * reads its JavaScript heap. Import it before whatever starts one: what that starts is settled once.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `HOST:PORT`. */
export const INSPECTOR_VARIABLE = 'BENCH_WORKERD_INSPECTOR';

const { default: workerd } = createRequire(import.meta.resolve('miniflare'))('workerd') as { default: string };
const folder = mkdtempSync(join(tmpdir(), 'tickstock-bench-workerd-'));
const script = join(folder, 'workerd');
writeFileSync(
  script,
  `#!/bin/sh\nexec '${workerd.replaceAll("'", `'\\''`)}' "$@" \${${INSPECTOR_VARIABLE}:+--inspector-addr="$${INSPECTOR_VARIABLE}"}\n`,
  { mode: 0o755 },
);
process.env.MINIFLARE_WORKERD_PATH = script;
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
