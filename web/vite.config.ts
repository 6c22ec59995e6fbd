import { defineConfig } from 'vite';

const WORKER = 'http://127.0.0.1:8787';

export default defineConfig({
  root: import.meta.dirname,
  // Nothing is inlined: the page's Content-Security-Policy allows files of its own origin only.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/ws': { target: WORKER, ws: true }, '/api': { target: WORKER } },
  },
});
