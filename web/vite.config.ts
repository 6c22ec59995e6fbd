import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin, type Rolldown } from 'vite';
import { documentFiles } from '../workers/documents/files.ts';

const WORKER = 'http://127.0.0.1:8787';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [withDocuments()],
  // Nothing is inlined: the page's Content-Security-Policy allows files of its own origin only.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: nameOfFrame, debugName: 'frame' }] } } },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/ws': { target: WORKER, ws: true }, '/api': { target: WORKER } },
  },
});

type Modules = Parameters<Rolldown.CodeSplittingNameFunction>[1];

/** What is loaded in any case is one file: parted by who else needs which of it, it would take more bytes. */
function nameOfFrame(id: string, modules: Modules): string | null {
  return isLoadedFirst(id, modules, new Set()) ? 'frame' : null;
}

function isLoadedFirst(id: string, modules: Modules, asked: Set<string>): boolean {
  if (asked.has(id)) return false;
  asked.add(id);
  const module = modules.getModuleInfo(id);
  if (!module) return false;
  return module.isEntry || module.importers.some(importer => isLoadedFirst(importer, modules, asked));
}

/** The documents of the API and their page, which are made once and served as they are. */
function withDocuments(): Plugin {
  return {
    name: 'documents',
    apply: 'build',
    generateBundle() {
      const source = ['tokens', 'reference'].map(readStyles).join('');
      const sheet = this.emitFile({ type: 'asset', name: 'reference.css', source });
      const files = documentFiles({ styles: `/${this.getFileName(sheet)}` });
      for (const [fileName, text] of Object.entries(files)) this.emitFile({ type: 'asset', fileName, source: text });
    },
  };
}

function readStyles(name: string): string {
  return readFileSync(`${import.meta.dirname}/styles/${name}.css`, 'utf8');
}
