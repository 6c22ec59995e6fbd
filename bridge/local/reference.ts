/**
 * `npm run reference -- <file> [--local | --env <name>] [--namespace-id <id>]`: checks a file of reference data and loads it.
 *
 * Without a flag it only checks. `--local` is for the `npm start` of the same DATA_DIR, running or not; `--env` for the KV
 * namespace of an environment of wrangler.toml; `--namespace-id` for one that is not named there.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { REFERENCE_KEY, type Reference } from '../../shared/reference.ts';
import { readLocalConfig, referencePath } from './config.ts';
import { countsOf, readReferenceFile } from './reference-file.ts';
import { runTool } from './tool.ts';

const USAGE = 'usage: npm run reference -- <file> [--local | --env <name>] [--namespace-id <id>]';

try {
  await run();
} catch (error) {
  console.error((error as Error).message.replace('REFERENCE_FILE: ', ''));
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { local: { type: 'boolean' }, env: { type: 'string' }, 'namespace-id': { type: 'string' } },
  });
  const { local, env, 'namespace-id': namespaceId } = values;
  const isDeployed = env !== undefined || namespaceId !== undefined;
  if (positionals.length !== 1 || (local && isDeployed)) throw new Error(USAGE);
  const reference = readReferenceFile({ path: resolve(positionals[0]!), isRequired: true })!;
  const { dataDir } = readLocalConfig(process.env);
  if (isDeployed) await deploy(reference, dataDir, { env, namespaceId });
  else if (local) write(reference, referencePath(dataDir));
  const where = isDeployed
    ? 'loaded'
    : local
      ? `put where npm start finds it, in ${referencePath(dataDir)}`
      : 'checked';
  console.log(`${countsOf(reference)}: ${where}`);
}

async function deploy(
  reference: Reference,
  dataDir: string,
  { env, namespaceId }: { env: string | undefined; namespaceId: string | undefined },
): Promise<void> {
  const path = resolve(dataDir, 'build', 'reference.json');
  write(reference, path);
  await runTool(dataDir, 'wrangler', [
    ...['kv', 'key', 'put', REFERENCE_KEY, '--path', path, '--remote'],
    ...(namespaceId === undefined ? ['--binding', 'REFERENCE'] : ['--namespace-id', namespaceId]),
    ...(env ? ['--env', env] : []),
  ]);
}

/** All at once: whoever follows the file never reads half of it. */
function write(reference: Reference, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(reference));
  renameSync(`${path}.new`, path);
}
