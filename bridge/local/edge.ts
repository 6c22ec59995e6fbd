import { resolve } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptionsShape } from 'miniflare';
import { inRepository, ROOT } from './paths.ts';
import { keepingSignals } from './signals.ts';
import { runTool } from './tool.ts';

export interface EdgeOptions {
  host: string;
  /** A concrete port: a part that is started again must be found where it was. */
  port: number;
  /** Keeps the bundle and the Durable Objects' storage. */
  dataDir: string;
  /** Variables and secrets, above those in wrangler.toml. */
  vars: Record<string, string>;
  /** Another Worker than wrangler.toml's `main`, with the same bindings. */
  main?: string;
}

/** The Worker with its Durable Objects, in a workerd of its own. */
export interface Edge {
  url: string;
  /** Ends workerd without asking, which is all it knows: what hubs have promised is on disk. */
  stop(): Promise<void>;
}

/**
 * Bundles the Worker as wrangler would deploy it, and runs it without `wrangler dev`'s proxy in front.
 * @throws Error when the bundle cannot be made or the port is taken
 */
export async function startEdge({ host, port, dataDir, vars, main }: EdgeOptions): Promise<Edge> {
  const outDir = resolve(dataDir, 'build');
  const [worker] = await Promise.all([
    readWorkerOptions(dataDir),
    runTool(dataDir, 'wrangler', ['deploy', ...(main ? [resolve(main)] : []), '--dry-run', '--outdir', outDir]),
  ]);
  const options = convertV4MiniflareOptions({
    ...worker,
    name: 'tickstock-edge',
    rootPath: ROOT,
    bindings: { ...worker.bindings, ...vars },
    modules: true,
    modulesRoot: outDir,
    scriptPath: resolve(outDir, `${entryName(main)}.js`),
    host,
    port,
    resourcePersistencePath: resolve(dataDir, 'durable-objects'),
    cf: false,
    logRequests: false,
    log: new Log(LogLevel.ERROR),
    handleStructuredLogs: ({ level, message }) => console.error(`worker ${level}: ${message}`),
  });
  const miniflare = await keepingSignals(() => new Miniflare(options));
  try {
    await miniflare.ready;
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
  return { url: urlOf(host, port), stop: () => miniflare.dispose() };
}

/** `http://HOST:PORT`, with brackets where the host is an IPv6 address. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function readWorkerOptions(dataDir: string): Promise<V4WorkerOptionsShape> {
  return JSON.parse(await runTool(dataDir, 'node', [inRepository('bridge/local/print-worker-options.ts')]));
}

function entryName(main = 'index.ts'): string {
  return main.replace(/^.*\//, '').replace(/\.[^.]+$/, '');
}
