import { globSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';

/** What a browser may have to load, in kB: with the page, all styles that are in use at once, and the largest part that is loaded later. */
export const PAGE_BUDGET_KB = { initialJs: 35, css: 10, lazyJs: 30 } as const;
/** Chunks that are a page inside the frame, which is what is loaded initially; all others open on the first, which is always there. */
const PAGES = ['live-page', 'operations-page', 'backtests-page'];
/** What only servers need: it would cost the browser more than all of the page. */
const FORBIDDEN = ['/node_modules/zod/'];

/** Sizes in kB of 1,000 bytes, after gzip. */
export interface PageSize {
  initialJsKb: number;
  /** With the page, and with the part loaded later that has most. */
  cssKb: number;
  /** Each part that is loaded later, with what it needs besides what is there by then; the largest first. */
  lazy: { name: string; kb: number }[];
  /** The modules of the initial JavaScript, the largest first; in kB before it is minified and gzipped. */
  modules: { id: string; kb: number }[];
  /** Modules in the page that must not be there. */
  forbidden: string[];
}

type File = Rolldown.RolldownOutput['output'][number];
type Chunks = Map<string, Rolldown.OutputChunk>;

const root = resolve(import.meta.dirname, '../..');
const web = resolve(root, 'web');

/** Builds the page in memory, as `npm run build` would, and measures it. */
export async function measurePage(): Promise<PageSize> {
  const files = await buildPage();
  const chunks: Chunks = new Map(files.filter(file => file.type === 'chunk').map(chunk => [chunk.fileName, chunk]));
  const all = [...chunks.values()];
  const initial = closureOf(
    chunks,
    all.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName),
  );
  const pages = closureOf(
    chunks,
    all.filter(({ name }) => name === PAGES[0]).map(({ fileName }) => fileName),
  );
  const later = [...new Set(all.flatMap(({ dynamicImports }) => dynamicImports))].filter(name => !initial.has(name));
  // Scripts that index.html takes from public/ as they are, to run before the page is drawn.
  const scripts = globSync('public/**/*.js', { cwd: web }).map(file => readFileSync(resolve(web, file)));
  const stylesKb = new Map(
    files.filter(({ fileName }) => fileName.endsWith('.css')).map(file => [file.fileName, gzippedKb(contentOf(file))]),
  );
  const stylesOf = (chunk: string) =>
    sum([...chunks.get(chunk)!.viteMetadata!.importedCss].map(name => stylesKb.get(name)!));
  const initialCssKb = sum([...initial].map(stylesOf));
  const laterCssKb = later.map(name =>
    sum([...closureOf(chunks, [name])].filter(needed => !initial.has(needed)).map(stylesOf)),
  );
  return {
    initialJsKb: sum([...codeOf(chunks, initial), ...scripts].map(gzippedKb)),
    cssKb: initialCssKb + Math.max(...laterCssKb),
    lazy: later
      .map(name => {
        const part = chunks.get(name)!;
        const isThere = (needed: string) => initial.has(needed) || (!PAGES.includes(part.name) && pages.has(needed));
        const added = [...closureOf(chunks, [name])].filter(needed => !isThere(needed));
        return { name: part.name, kb: sum(codeOf(chunks, added).map(gzippedKb)) };
      })
      .sort((a, b) => b.kb - a.kb),
    modules: [...initial]
      .flatMap(name => Object.entries(chunks.get(name)!.modules))
      .map(([id, { renderedLength }]) => ({ id: relative(root, id), kb: renderedLength / 1_000 }))
      .sort((a, b) => b.kb - a.kb),
    forbidden: all.flatMap(({ moduleIds }) => moduleIds.filter(id => FORBIDDEN.some(part => id.includes(part)))),
  };
}

async function buildPage(): Promise<File[]> {
  const built = await build({
    configFile: resolve(web, 'vite.config.ts'),
    logLevel: 'error',
    build: { write: false },
  });
  return (built as Rolldown.RolldownOutput).output;
}

/** These chunks and all that they load with them. */
function closureOf(chunks: Chunks, names: readonly string[]): Set<string> {
  const all = new Set(names);
  for (const name of all) for (const imported of chunks.get(name)?.imports ?? []) all.add(imported);
  return all;
}

function codeOf(chunks: Chunks, names: Iterable<string>): string[] {
  return [...names].map(name => chunks.get(name)!.code);
}

function contentOf(file: File): string | Uint8Array {
  return file.type === 'chunk' ? file.code : file.source;
}

function gzippedKb(content: string | Uint8Array): number {
  return gzipSync(content).length / 1_000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
