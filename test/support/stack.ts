import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type Child, startChild } from '../../bridge/local/child.ts';
import { type Edge, type EdgeBundle, startEdge } from '../../bridge/local/edge.ts';
import { findFreePort } from '../../bridge/local/ports.ts';
import { type RedisServer, startRedis } from '../../bridge/local/redis-server.ts';
import { edgeBundle } from './edge-bundle.ts';
import { eventually } from './eventually.ts';

const HOST = '127.0.0.1';
export const SECRET = 'end-to-end-end-to-end-end-to-end-secret';
/** With which the Worker publishes jobs. */
export const REST_TOKEN = 'end-to-end-end-to-end-end-to-end-token';

/**
 * The whole system of real parts: a Redis, a workerd and a bridge process, each of which can be ended and started again
 * in its place. `publish` stands in for the producer.
 */
export class Stack {
  readonly dataDir: string;
  readonly redisPort: number;
  readonly edgePort: number;
  readonly bridgePort: number;
  readonly restPort: number;
  readonly #options: StackOptions;
  readonly #bundle: EdgeBundle;
  redis!: RedisServer;
  edge!: Edge;
  bridge!: Child;
  producer!: Redis;

  private constructor(dataDir: string, ports: number[], bundle: EdgeBundle, options: StackOptions) {
    this.dataDir = dataDir;
    this.#bundle = bundle;
    [this.redisPort, this.edgePort, this.bridgePort, this.restPort] = ports as [number, number, number, number];
    this.#options = options;
  }

  static async start(options: StackOptions = {}): Promise<Stack> {
    const dataDir = await mkdtemp(join(tmpdir(), 'tickstock-e2e-'));
    const ports: number[] = [];
    while (ports.length < 4) ports.push(await findFreePort(HOST));
    const stack = new Stack(dataDir, ports, await edgeBundle(dataDir, options.main), options);
    await Promise.all([stack.startRedis(), stack.startEdge()]);
    await stack.startBridge();
    return stack;
  }

  get url(): string {
    return `http://${HOST}:${this.edgePort}`;
  }

  /** Where the bridge takes jobs. */
  get restUrl(): string {
    return `http://${HOST}:${this.restPort}`;
  }

  get redisUrl(): string {
    return `redis://${HOST}:${this.redisPort}`;
  }

  async startRedis(): Promise<void> {
    this.redis = await startRedis(this.redisPort);
    this.producer?.disconnect();
    this.producer = new Redis(this.redisUrl, { maxRetriesPerRequest: 0, retryStrategy: () => null });
    this.producer.on('error', () => undefined);
  }

  /** @param changes of the variables that it was started with first */
  async startEdge(changes: Record<string, string> = {}): Promise<void> {
    const vars = {
      APP_ENV: 'development',
      INGEST_SECRET: SECRET,
      SESSION_SECRET: SECRET,
      UPSTASH_REDIS_REST_URL: this.restUrl,
      UPSTASH_REDIS_REST_TOKEN: REST_TOKEN,
      ...this.#options.vars,
      ...changes,
    };
    const { pageDir } = this.#options;
    this.edge = await startEdge({
      host: HOST,
      port: this.edgePort,
      bundle: this.#bundle,
      dataDir: this.dataDir,
      vars,
      ...(pageDir && { pageDir }),
    });
  }

  /** Starts a bridge and waits until it is subscribed and the hubs have its heartbeat. */
  async startBridge(): Promise<void> {
    const jobs = { UPSTASH_REDIS_REST_TOKEN: REST_TOKEN, REDIS_REST_PORT: String(this.restPort) };
    this.bridge = await this.#runBridge(this.bridgePort, 'bridge', jobs);
    await this.heard(1);
  }

  /** Starts another bridge beside those that run, and waits until all `count` of them are heard. */
  async startAnotherBridge(count: number): Promise<Child> {
    const bridge = await this.#runBridge(0, 'another');
    await this.heard(count);
    return bridge;
  }

  #runBridge(port: number, name: string, more: Record<string, string> = {}): Promise<Child> {
    const env = {
      ...process.env,
      REDIS_URL: this.redisUrl,
      WORKER_URL: this.url,
      INGEST_SECRET: SECRET,
      BRIDGE_ID: name,
      BRIDGE_PORT: String(port),
      LOG_LEVEL: 'warn',
      DATA_DIR: this.dataDir,
      ...more,
    };
    // As `npm run bridge` does.
    const args = ['--max-old-space-size=512', 'bridge/main.ts'];
    return startChild('bridge', process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Waits until so many bridges listen on Redis, and the hubs have heartbeats of as many. */
  async heard(bridges: number): Promise<void> {
    await this.subscribed(bridges);
    await eventually(async () => {
      const { tiers } = await this.get<{ tiers: Record<string, { bridges: number }> }>('/api/patterns/tiers/health');
      assert(Object.values(tiers).every(tier => tier.bridges >= bridges));
    });
  }

  /** Waits until so many bridges listen on Redis. */
  async subscribed(bridges = 1): Promise<void> {
    await eventually(async () => assert((await this.listeners()) >= bridges));
  }

  /** How many bridges listen on Redis, as Redis counts. */
  async listeners(): Promise<number> {
    const [, count] = (await this.producer.pubsub('NUMSUB', 'tickstock.events.patterns')) as [string, number];
    return count;
  }

  async publish(channel: string, message: object | string): Promise<void> {
    await this.producer.publish(channel, typeof message === 'string' ? message : JSON.stringify(message));
  }

  async get<T>(path: string): Promise<T> {
    const { token } = this.#options;
    const response = await fetch(`${this.url}${path}`, token ? { headers: { authorization: `Bearer ${token}` } } : {});
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async stop(): Promise<void> {
    this.producer?.disconnect();
    await this.bridge?.stop();
    await Promise.all([this.edge?.stop(), this.redis?.stop()]);
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

export interface StackOptions {
  /** Variables of the Worker. */
  vars?: Record<string, string>;
  /** What `get` asks with, where those variables ask for one. */
  token?: string;
  /** Another Worker entry. */
  main?: string;
  /** Another folder than `web/dist` with the files of the page. */
  pageDir?: string;
}

let published = 0;

/** A pattern as TickStockPL publishes it, flat; each is another detection. */
export function flatPattern(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  published++;
  return {
    source: 'TickStockPL',
    timestamp: Date.now() / 1_000,
    pattern: 'BreakoutBO',
    symbol: 'AAPL',
    confidence: 0.7,
    tier: 'daily',
    detection_timestamp: (1_795_000_000_000 + published) / 1_000,
    ...overrides,
  };
}
