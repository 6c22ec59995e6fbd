/**
 * `npm run dev`: the system with reload. `wrangler dev` runs the Worker anew when its sources change, Node the bridge and
 * the simulator, and Vite, where the page is, changes it in place.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createServer, type InlineConfig } from 'vite';
import { type Child, startChild } from './child.ts';
import { type LocalConfig, readLocalConfig } from './config.ts';
import { urlOf } from './edge.ts';
import { inRepository, ROOT } from './paths.ts';
import { findFreePort } from './ports.ts';
import { provideRedis } from './redis.ts';
import { keepSessionSecret } from './session-secret.ts';
import { keepingSignals } from './signals.ts';
import { binary, toolEnvironment } from './tool.ts';

const LOOPBACK = '127.0.0.1';
const ASK_AGAIN_MS = 100;

const stops: (() => Promise<void>)[] = [];
const { promise: ended, resolve: end } = Promise.withResolvers<string | null>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(null));

try {
  await Promise.race([run(readLocalConfig(process.env)), ended]);
  const failure = await ended;
  if (failure) throw new Error(failure);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
for (const stop of stops.reverse()) await stop();
process.exit();

async function run(config: LocalConfig): Promise<void> {
  const { host, dataDir, simulate, simulateRate, ingestSecret, bridge, workerVars } = config;
  mkdirSync(inRepository('web/dist'), { recursive: true });
  mkdirSync(dataDir, { recursive: true });
  const redis = await provideRedis(config.redisUrl, end);
  if (!redis) throw new Error('REDIS_URL: needed where there is no redis-server on the PATH');
  if (redis.server) stops.push(redis.server.stop);

  const workerUrl = urlOf(LOOPBACK, await findFreePort(LOOPBACK));
  const { rest } = bridge;
  const restPort = String(rest.port || (await findFreePort(rest.host)));
  const secrets = {
    INGEST_SECRET: ingestSecret,
    SESSION_SECRET: keepSessionSecret(dataDir),
    UPSTASH_REDIS_REST_URL: urlOf(rest.host, Number(restPort)),
    UPSTASH_REDIS_REST_TOKEN: rest.token,
  };
  const vars = Object.entries({ ...workerVars, ...secrets });
  await startTool('wrangler dev', binary('wrangler'), dataDir, [
    ...['dev', '--env=', '--ip', LOOPBACK, '--port', new URL(workerUrl).port, '--inspector-port', '0'],
    ...['--show-interactive-dev-session=false', '--persist-to', resolve(dataDir, 'dev')],
    ...vars.flatMap(([name, value]) => ['--var', `${name}:${value}`]),
  ]);

  await answering(`${workerUrl}/api/health`);

  const bridgeVars = { REDIS_URL: redis.url, WORKER_URL: workerUrl, INGEST_SECRET: ingestSecret };
  const bridgePort = String(bridge.port || (await findFreePort(bridge.host)));
  const watch = ['--watch', '--watch-preserve-output'];
  await startTool('bridge', process.execPath, dataDir, [...watch, inRepository('bridge/main.ts')], {
    ...bridgeVars,
    BRIDGE_PORT: bridgePort,
    REDIS_REST_PORT: restPort,
    UPSTASH_REDIS_REST_TOKEN: rest.token,
    LOG_LEVEL: bridge.logLevel,
    DATA_DIR: bridge.dataDir,
  });
  if (simulate) {
    const flags = [`--rate=${simulateRate}`, `--redis-url=${redis.url}`, `--seed=${Date.now() % 2 ** 31}`];
    await startTool('simulator', process.execPath, dataDir, [
      ...watch,
      inRepository('test/simulator/main.ts'),
      ...flags,
    ]);
  }

  const options: InlineConfig = {
    configFile: inRepository('web/vite.config.ts'),
    server: {
      host,
      port: config.port,
      strictPort: true,
      proxy: { '/ws': { target: workerUrl, ws: true }, '/api': { target: workerUrl } },
    },
  };
  const page = await keepingSignals(() => createServer(options));
  stops.push(() => page.close());
  await page.listen();
  const address = page.httpServer?.address();
  const port = address && typeof address === 'object' ? address.port : config.port;
  console.log(`Redis: ${redis.server ? redis.url : 'the one of REDIS_URL'}`);
  console.log(`Worker: ${workerUrl}`);
  if (workerVars.AUTH_MODE === 'open') console.log('AUTH_MODE=open: nobody is asked to sign in, everybody is a guest.');
  console.log(`ready ${urlOf(host, port)}`);
}

/** Waits until an address is answered; should nothing ever do so, what was to answer has ended and said why. */
async function answering(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => null))) await setTimeout(ASK_AGAIN_MS);
}

/** Runs a command that ends only when it is told to; the system ends with it. */
async function startTool(
  name: string,
  command: string,
  dataDir: string,
  args: string[],
  vars: Record<string, string> = {},
): Promise<void> {
  const env = { ...toolEnvironment(dataDir), WRANGLER_LOG: 'warn', ...vars };
  const child: Child = await startChild(name, command, args, {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  stops.push(child.stop);
  child.failed.then(end);
}
