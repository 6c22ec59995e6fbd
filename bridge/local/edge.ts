import { resolve } from 'node:path';
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type V4WorkerOptions,
  type V4WorkerOptionsShape,
} from 'miniflare';
import { REFERENCE_KEY } from '../../shared/reference.ts';
import { inRepository, ROOT } from './paths.ts';
import { keepingSignals } from './signals.ts';
import { runTool } from './tool.ts';
import { shieldWorkerd } from './workerd.ts';

export interface EdgeOptions {
  host: string;
  /** A concrete port: a part that is started again must be found where it was. */
  port: number;
  bundle: EdgeBundle;
  /** Keeps the Durable Objects' storage. */
  dataDir: string;
  /** Variables and secrets, above those in wrangler.toml. */
  vars: Record<string, string>;
  /** Another folder than wrangler.toml's with the files of the page. */
  pageDir?: string;
}

/** The Worker as wrangler would deploy it: good for any number of starts. */
export interface EdgeBundle {
  worker: V4WorkerOptionsShape;
  outDir: string;
  script: string;
}

/** The Worker with its Durable Objects, in a workerd of its own. */
export interface Edge {
  url: string;
  /** Puts an operator's reference data, as JSON, where the Worker reads them. */
  loadReference(json: string): Promise<void>;
  /** Ends workerd without asking, which is all it knows: what hubs have promised is on disk. */
  stop(): Promise<void>;
}

/**
 * Bundles the Worker into a folder of `dataDir`.
 * @param main another Worker than wrangler.toml's, with the same bindings
 * @throws Error when the bundle cannot be made
 */
export async function bundleEdge(dataDir: string, main?: string): Promise<EdgeBundle> {
  const outDir = resolve(dataDir, 'build');
  const [worker] = await Promise.all([
    readWorkerOptions(dataDir),
    runTool(dataDir, 'wrangler', [
      'deploy',
      ...(main ? [resolve(main)] : []),
      '--env=',
      '--dry-run',
      '--outdir',
      outDir,
    ]),
  ]);
  return { worker, outDir, script: resolve(outDir, `${entryName(main)}.js`) };
}

/**
 * Runs a bundle without anything in front: neither `wrangler dev`'s proxy, nor Miniflare's entry and asset router, through
 * which every WebSocket frame would pass too. The Worker has the port, and asks a second one for the page.
 * @throws Error when the port is taken
 */
export async function startEdge({ host, port, bundle, dataDir, vars, pageDir }: EdgeOptions): Promise<Edge> {
  const options = convertV4MiniflareOptions({
    workers: [edgeWorker(bundle, { host, port, vars }), pageWorker(bundle.worker, pageDir)],
    host,
    port: 0,
    resourcePersistencePath: resolve(dataDir, 'durable-objects'),
    cf: false,
    logRequests: false,
    log: new Log(LogLevel.ERROR),
    handleStructuredLogs: ({ level, message }) => console.error(`worker ${level}: ${message}`),
  });
  shieldWorkerd(dataDir);
  const miniflare = await keepingSignals(() => new Miniflare(options));
  try {
    await miniflare.ready;
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
  return {
    url: urlOf(host, port),
    loadReference: async json => {
      const namespace = await miniflare.getKVNamespace('REFERENCE', EDGE);
      await namespace.put(REFERENCE_KEY, json);
    },
    stop: () => miniflare.dispose(),
  };
}

const EDGE = 'tickstock-edge';
/** Serves the files of the page. */
const PAGE = 'page';

/** `http://HOST:PORT`, with brackets where the host is an IPv6 address. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function edgeWorker(
  { worker: { assets: _, ...worker }, outDir, script }: EdgeBundle,
  where: { host: string; port: number; vars: Record<string, string> },
): V4WorkerOptions {
  return {
    ...worker,
    name: EDGE,
    rootPath: ROOT,
    bindings: { ...worker.bindings, ...where.vars },
    serviceBindings: { ASSETS: PAGE },
    modules: true,
    modulesRoot: outDir,
    scriptPath: script,
    unsafeDirectSockets: [{ host: where.host, port: where.port }],
  };
}

function pageWorker({ assets, compatibilityDate }: V4WorkerOptionsShape, pageDir?: string): V4WorkerOptions {
  const { binding: _, ...files } = assets!;
  return {
    name: PAGE,
    ...(compatibilityDate !== undefined && { compatibilityDate }),
    modules: true,
    script: 'export default {};',
    assets: { ...files, ...(pageDir && { directory: resolve(pageDir) }), routerConfig: { has_user_worker: false } },
  };
}

async function readWorkerOptions(dataDir: string): Promise<V4WorkerOptionsShape> {
  return JSON.parse(await runTool(dataDir, 'node', [inRepository('bridge/local/print-worker-options.ts')]));
}

function entryName(main = 'index.ts'): string {
  return main.replace(/^.*\//, '').replace(/\.[^.]+$/, '');
}
