import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import type { Reference } from '../../shared/reference.ts';
import { startBridge } from '../bridge.ts';
import type { LocalConfig } from './config.ts';
import { drainInTime } from './drain.ts';
import { bundleEdge, type Edge, startEdge, urlOf } from './edge.ts';
import { createFeed } from './feed.ts';
import { buildPage } from './page.ts';
import { createPart, type Part } from './part.ts';
import { findFreePort, isFreePort } from './ports.ts';
import { provideRedis, type RedisOfSystem } from './redis.ts';
import { countsOf, followReferenceFile, type ReferenceFile, readReferenceFile } from './reference-file.ts';
import { keepSessionSecret } from './session-secret.ts';
import { startSimulator } from './simulator.ts';

export interface SystemOptions extends LocalConfig {
  /** Another Worker than wrangler.toml's `main`, with the same bindings. */
  main?: string;
  /** The simulator's; another one each time by default. */
  seed?: number;
}

/** Redis, edge, bridge and simulator on this machine. Parts that are started again come up where they were. */
export interface System {
  url: string;
  /** Where a producer publishes; null when the built-in feed takes Redis's place. */
  redisUrl: string | null;
  /** Where the bridge's /healthz and /metrics are. */
  bridgeUrl: string;
  /** null when it is not ours, or there is none. */
  redis: Part | null;
  edge: Part;
  /** In this process: killing it is stopping it. */
  bridge: Part;
  /** null when it does not publish on Redis. */
  simulator: Part | null;
  /** Resolves with a sentence when a part ends that nobody ended. */
  failed: Promise<string>;
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const LISTENING_TIMEOUT_MS = 5_000;
const LISTENING_RETRY_MS = 20;

/**
 * Starts everything and resolves when it works. `say` gets what the user should know, a line at a time.
 * @throws Error of one line when something cannot start; what had started is stopped again
 */
export async function startSystem(options: SystemOptions, say: (line: string) => void = () => {}): Promise<System> {
  const started: Part[] = [];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    return { ...(await startParts(options, say, started)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  options: SystemOptions,
  say: (line: string) => void,
  started: Part[],
): Promise<Omit<System, 'stop'>> {
  const { host, dataDir, simulate, simulateRate, seed } = options;
  const { promise: failed, resolve: onFailure } = Promise.withResolvers<string>();
  const port = await choosePort('PORT', host, options.port);
  const { rest } = options.bridge;
  const restPort = await choosePort('REDIS_REST_PORT', rest.host, rest.port);
  const bridgePort = await choosePort('BRIDGE_PORT', options.bridge.host, options.bridge.port);
  mkdirSync(dataDir, { recursive: true });

  const redis = await provideRedis(options.redisUrl, onFailure);
  if (redis?.server) started.push(redis.server);
  if (!redis && !simulate) throw new Error('SIMULATE: 0 needs REDIS_URL, or redis-server on the PATH');
  sayWhereToPublish(redis, say);

  await buildPage(dataDir);
  const sessionSecret = keepSessionSecret(dataDir);
  const vars = {
    ...options.workerVars,
    INGEST_SECRET: options.ingestSecret,
    SESSION_SECRET: sessionSecret,
    UPSTASH_REDIS_REST_URL: urlOf(reachable(rest.host), restPort),
    UPSTASH_REDIS_REST_TOKEN: rest.token,
  };
  const bundle = await bundleEdge(dataDir, options.main);
  let load: Edge['loadReference'] = async () => undefined;
  const edge = createPart(async () => {
    const running = await startEdge({ host, port, bundle, dataDir, vars });
    load = running.loadReference;
    return running;
  });
  await edge.start();
  const workerUrl = urlOf(reachable(host), port);
  const stopEdge = async () => {
    await drainInTime(workerUrl, options.ingestSecret);
    await edge.stop();
  };
  started.push({ ...edge, stop: stopEdge });
  await checkWorker(workerUrl);
  started.push(await loadAndFollow(options.referenceFile, json => load(json), say));

  const bridgeUrl = urlOf(reachable(options.bridge.host), bridgePort);
  const bridgeConfig = {
    ...options.bridge,
    redisUrl: redis?.url ?? null,
    workerUrl,
    ingestSecret: options.ingestSecret,
    port: bridgePort,
    rest: { ...rest, port: restPort },
  };
  const log = createErrorLog(options.bridge.logLevel);
  const bridge = createPart(() => {
    if (redis) return startBridge(bridgeConfig, { log });
    const feed = createFeed(simulateRate);
    return startBridge(bridgeConfig, { log, source: feed, publish: feed.publish });
  });
  await bridge.start();
  started.push(bridge);
  if (!(await isListening(bridgeUrl))) say('Redis does not answer yet: the bridge goes on trying.');

  const simulator = redis && simulate ? simulatorOf(redis.url, simulateRate, seed, onFailure) : null;
  await simulator?.start();
  if (simulator) started.push(simulator);
  say(`Bridge: ${bridgeUrl}/healthz and /metrics`);
  return {
    url: urlOf(host, port),
    redisUrl: redis?.url ?? null,
    bridgeUrl,
    redis: redis?.server ?? null,
    edge,
    bridge,
    simulator,
    failed,
  };
}

/** What is loaded stays when the file is gone; one that is no good changes nothing. */
async function loadAndFollow(
  file: ReferenceFile,
  load: (json: string) => Promise<void>,
  say: (line: string) => void,
): Promise<Part> {
  const take = async (reference: Reference) => {
    await load(JSON.stringify(reference));
    say(`Reference data: ${countsOf(reference)}`);
  };
  const found = readReferenceFile(file);
  if (found) await take(found);
  const part = createPart(async () => {
    const change = (reference: Reference) =>
      void take(reference).catch(error => say(`Reference data: ${error.message}`));
    const stop = followReferenceFile(file, { change, error: say });
    return { stop: async () => stop() };
  });
  await part.start();
  return part;
}

function simulatorOf(
  redisUrl: string,
  patternsPerSecond: number,
  seed: number | undefined,
  onFailure: (sentence: string) => void,
): Part {
  return createPart(async () => {
    const child = await startSimulator({ redisUrl, patternsPerSecond, ...(seed !== undefined && { seed }) });
    child.failed.then(onFailure);
    return child;
  });
}

async function choosePort(variable: string, host: string, port: number): Promise<number> {
  if (port === 0) return findFreePort(host);
  if (await isFreePort(host, port)) return port;
  throw new Error(`${variable}: ${host}:${port} is in use`);
}

function sayWhereToPublish(redis: RedisOfSystem | null, say: (line: string) => void): void {
  if (!redis) {
    say(
      'No redis-server on the PATH and no REDIS_URL: the built-in feed takes the place of Redis, with simulated data.',
    );
    return;
  }
  say(`Redis: ${redis.server ? redis.url : 'the one of REDIS_URL'}`);
  if (!redis.server) return;
  const message = { source: 'me', pattern: 'BreakoutBO', symbol: 'AAPL', confidence: 0.95, tier: 'daily' };
  say('Publish a pattern yourself:');
  say(`  redis-cli -p ${new URL(redis.url).port} publish tickstock.events.patterns '${JSON.stringify(message)}'`);
}

/** A Worker that is wrongly configured runs, and says so to whoever asks. */
async function checkWorker(url: string): Promise<void> {
  const response = await fetch(`${url}/api/health`);
  if (response.ok) return;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new Error(problem.detail ?? `the Worker answers ${response.status}`);
}

/** Waits until the bridge hears what is published, for five seconds at most. */
async function isListening(bridgeUrl: string): Promise<boolean> {
  for (const deadlineMs = Date.now() + LISTENING_TIMEOUT_MS; Date.now() < deadlineMs; await sleep(LISTENING_RETRY_MS)) {
    const response = await fetch(`${bridgeUrl}/healthz`);
    const { redis } = (await response.json()) as { redis: { connected: boolean } };
    if (redis.connected) return true;
  }
  return false;
}

/** Where a server that listens on `host` is reached from this machine. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? LOOPBACK : host;
}

/** Logs on stderr: stdout says where to look and when everything is up. */
function createErrorLog(level: string): Logger {
  return pino({ level }, pino.destination({ dest: 2, sync: true }));
}
