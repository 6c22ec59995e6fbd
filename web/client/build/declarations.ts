import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { resolveTypes } from './resolved-types.ts';

const root = resolve(import.meta.dirname, '../../..');
const tsc = resolve(root, 'node_modules/.bin/tsc');
const ENTRY = 'web/client/index.d.ts';
/** A module that another names, by relative path. */
const SPECIFIER = /(?<=from '\.[^']*)\.ts(?=')/g;

/**
 * Writes the declarations of the client into a folder, laid out as the sources are. Those of the wire are inferred from
 * schemas, of which who uses the client knows nothing: their types are written out.
 */
export async function writeDeclarations(folder: string): Promise<void> {
  const emitted = await mkdtemp(join(tmpdir(), 'edge-client-'));
  try {
    execFileSync(tsc, ['--project', resolve(import.meta.dirname, 'declarations.json'), '--outDir', emitted]);
    const files = await reachable(emitted);
    const inferred = [...files.keys()].filter(path => files.get(path)!.includes("from 'zod'"));
    const others = [...files].filter(([path]) => !inferred.includes(path)).map(([, text]) => text);
    const isUsed = (name: string) => others.some(text => new RegExp(`\\b${name}\\b`).test(text));
    for (const path of inferred) files.set(path, resolveTypes(resolve(root, path.replace(/\.d\.ts$/, '.ts')), isUsed));
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      // Older compilers look for declarations beside `.js` only.
      await writeFile(join(folder, path), text.replace(SPECIFIER, '.js'));
    }
  } finally {
    await rm(emitted, { recursive: true });
  }
}

/** The texts of the entry and of all that it names, by path. */
async function reachable(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const paths = [ENTRY];
  for (const path of paths) {
    const text = await readFile(join(folder, path), 'utf8');
    files.set(path, text);
    for (const [, specifier] of text.matchAll(/from '(\.[^']*)\.ts'/g)) {
      const named = relative(folder, resolve(folder, dirname(path), `${specifier}.d.ts`));
      if (!paths.includes(named)) paths.push(named);
    }
  }
  return files;
}
