/** Builds the package into `dist`: one file of JavaScript, and types that need nothing else. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'vite';
import { writeDeclarations } from './declarations.ts';

const client = resolve(import.meta.dirname, '..');
const dist = resolve(client, 'dist');

await rm(dist, { recursive: true, force: true });
await build({
  configFile: false,
  root: client,
  logLevel: 'warn',
  build: {
    lib: { entry: 'index.ts', formats: ['es'], fileName: 'index' },
    outDir: dist,
    target: 'es2022',
    minify: false,
  },
});
await writeDeclarations(resolve(dist, 'types'));
