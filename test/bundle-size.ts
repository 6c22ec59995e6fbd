/**
 * Says how large the page is that a browser loads, and fails when it is over its budget or when a module got into it that
 * has no business there. Builds in memory, as `npm run build` would; kB are 1,000 bytes after gzip.
 */
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';

const BUDGET_KB = { initialJs: 35, css: 10, lazyJs: 30 };
/** What only servers need: it would cost the browser more than all of the page. */
const FORBIDDEN = ['/node_modules/zod/'];

const web = resolve(import.meta.dirname, '../web');
const files = await buildPage();
const chunks = new Map(files.filter(file => file.type === 'chunk').map(chunk => [chunk.fileName, chunk]));

const initial = closureOf([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
const lazy = [...new Set([...chunks.values()].flatMap(({ dynamicImports }) => dynamicImports))]
  .filter(entry => !initial.has(entry))
  .map(entry => ({
    name: chunks.get(entry)!.name,
    kB: kBOf([...closureOf([entry])].filter(name => !initial.has(name))),
  }))
  .sort((a, b) => b.kB - a.kB);
const css = files.filter(({ fileName }) => fileName.endsWith('.css'));
const measured = {
  // A script that index.html takes from public/ as it is, to run before the page is drawn.
  initialJs:
    kBOf(initial) +
    sum(globSync('public/**/*.js', { cwd: web }).map(file => gzipped(readFileSync(resolve(web, file))))),
  css: sum(css.map(file => gzipped(contentOf(file)))),
  lazyJs: lazy[0]?.kB ?? 0,
};
const forbidden = [...chunks.values()].flatMap(({ moduleIds }) =>
  moduleIds.filter(id => FORBIDDEN.some(part => id.includes(part))),
);

const lazyWords = lazy.map(({ name, kB }) => `${name} ${kB.toFixed(1)}`).join(', ');
console.log(
  `page, gzipped: initial JS ${words('initialJs')}, CSS ${words('css')}, lazy JS at most ${words('lazyJs')}${lazyWords && ` (${lazyWords})`}`,
);
for (const id of forbidden) console.error(`the page must not contain ${id}`);
const isOver = Object.entries(BUDGET_KB).some(([what, kB]) => measured[what as keyof typeof BUDGET_KB] > kB);
if (isOver) console.error('the page is over its budget');
process.exitCode = isOver || forbidden.length > 0 ? 1 : 0;

async function buildPage(): Promise<Rolldown.RolldownOutput['output'][number][]> {
  const built = await build({
    configFile: resolve(web, 'vite.config.ts'),
    logLevel: 'error',
    build: { write: false },
  });
  return (built as Rolldown.RolldownOutput).output;
}

/** These chunks and all that they load with them. */
function closureOf(fileNames: readonly string[]): Set<string> {
  const all = new Set(fileNames);
  for (const name of all) for (const imported of chunks.get(name)?.imports ?? []) all.add(imported);
  return all;
}

function kBOf(fileNames: Iterable<string>): number {
  return sum([...fileNames].map(name => gzipped(chunks.get(name)!.code)));
}

function contentOf(file: Rolldown.RolldownOutput['output'][number]): string | Uint8Array {
  return file.type === 'chunk' ? file.code : file.source;
}

function gzipped(content: string | Uint8Array): number {
  return gzipSync(content).length / 1_000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function words(what: keyof typeof BUDGET_KB): string {
  return `${measured[what].toFixed(1)} of ${BUDGET_KB[what]} kB`;
}
