import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../../bridge/local/child.ts';
import { type Edge, type EdgeBundle, startEdge } from '../../bridge/local/edge.ts';
import { inRepository } from '../../bridge/local/paths.ts';
import { findFreePort } from '../../bridge/local/ports.ts';
import { type RedisServer, startRedis } from '../../bridge/local/redis-server.ts';
import { hubName } from '../../shared/partition.ts';
import { TIERS, type Tier } from '../../shared/topics.ts';
import { Follower } from '../e2e/support/follower.ts';
import { eventually } from '../support/eventually.ts';
import { FOLLOWERS, MARKER } from './followers.ts';
import { IngestProxy, type IngestTrouble } from './ingest-proxy.ts';
import type { Facts, Stored } from './oracle.ts';
import type { Fault, Plan } from './plan.ts';
import { Publisher } from './publisher.ts';
import { SocketProxy } from './socket-proxy.ts';

const HOST = '127.0.0.1';
const SECRET = 'chaos-chaos-chaos-chaos-chaos-chaos-secret';
const TICK_MS = 10;
const SETTLE_MS = 60_000;
const MARKER_EVERY_MS = 500;
/** Longer than from one PING of a bridge to the next. */
const BEYOND_MS = 2_500;
/** How well the hub knows clocks that are off. */
const SKEWED_TOLERANCE_MS = 2_000;

const INGEST_TROUBLES: Partial<Record<Fault['kind'], IngestTrouble>> = {
  ingest_delayed: 'delayed',
  ingest_cut: 'cut',
  answers_cut: 'answers_cut',
  ingest_doubled: 'doubled',
  ingest_repeated: 'repeated',
};

/** The real parts of one plan, with what it breaks between them, and a record of all that is published and seen. */
export class World {
  readonly #plan: Plan;
  readonly #bundle: EdgeBundle;
  readonly #dataDir: string;
  readonly #ports: Ports;
  readonly #publisher: Publisher;
  readonly #sockets = new Map<string, SocketProxy>();
  readonly #followers = new Map<string, Follower>();
  readonly #bridges: (Child | null)[] = [];
  readonly #troubled = new Map<IngestTrouble, number>();
  #redis: RedisServer | null = null;
  #edge: Edge | null = null;
  #ingest!: IngestProxy;
  #mayHaveGaps = false;
  /** What is being started or ended, so that no part is done so twice at once. */
  readonly #turns = new Map<string, Promise<unknown>>();

  private constructor(plan: Plan, bundle: EdgeBundle, dataDir: string, ports: Ports) {
    this.#plan = plan;
    this.#bundle = bundle;
    this.#dataDir = dataDir;
    this.#ports = ports;
    this.#publisher = new Publisher(plan.seed);
    this.#mayHaveGaps = plan.bridgeClocksMs.some(ms => ms !== 0);
  }

  static async start(plan: Plan, bundle: EdgeBundle): Promise<World> {
    const dataDir = await mkdtemp(join(tmpdir(), 'tickstock-chaos-'));
    const bridges: number[] = [];
    for (const _ of plan.bridgeClocksMs) bridges.push(await findFreePort(HOST));
    const ports = { redis: await findFreePort(HOST), edge: await findFreePort(HOST), bridges };
    const world = new World(plan, bundle, dataDir, ports);
    try {
      await world.#begin();
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  /** Publishes for as long as the plan lasts, while its steps happen. */
  async run(): Promise<void> {
    const startedAtMs = performance.now();
    const steps = this.#plan.steps.map(async ({ atMs, forMs, fault }) => {
      await sleep(atMs);
      await this.#apply(fault, forMs);
    });
    let isOver = false;
    const over = Promise.all([sleep(this.#plan.lengthMs), ...steps]).finally(() => {
      isOver = true;
    });
    const publishing = (async () => {
      for (let count = 0; !isOver; await sleep(TICK_MS)) {
        const due = ((performance.now() - startedAtMs) * this.#plan.publishPerSecond) / 1_000;
        for (; count < due; count++) this.#publisher.publishAny();
      }
    })();
    await Promise.all([over, publishing]);
  }

  /** Waits until everything that was published has come wherever it will, and all gaps are told. */
  async settle(): Promise<void> {
    for (const follower of this.#followers.values()) follower.client.retryNow();
    await this.#emptyBridges();
    await this.#mark();
    if (this.#ports.bridges.length > 1 && this.#mayHaveGaps) {
      // Of two bridges each has to say that it covers beyond the gap, which it does by what is published after a PING.
      await sleep(BEYOND_MS);
      await this.#mark();
    }
    await this.#emptyBridges();
    await this.#reachHeads();
  }

  async #emptyBridges(): Promise<void> {
    await eventually(async () => {
      for (const port of this.#ports.bridges) {
        const { redis, queued } = await readJson<Health>(port, '/healthz');
        assert(redis.connected, 'a bridge does not hear Redis');
        assert.deepEqual(Object.values(queued).filter(Boolean), [], 'events wait in a bridge');
      }
    }, SETTLE_MS);
  }

  /** Publishes what every client wants, again and again until each has got one of these, and the last is on its tape. */
  async #mark(): Promise<void> {
    let marked = new Map<Tier, number[]>(TIERS.map(tier => [tier, []]));
    let markedAtMs = 0;
    await eventually(async () => {
      if (Date.now() - markedAtMs > MARKER_EVERY_MS) {
        markedAtMs = Date.now();
        marked = new Map(
          TIERS.map(tier => [tier, [...marked.get(tier)!, this.#publisher.publish({ tier, ...MARKER }).number]]),
        );
      }
      for (const { name, tier } of FOLLOWERS) {
        const follower = this.#followers.get(name)!;
        const got = new Set(numbersOf(follower));
        assert(
          marked.get(tier)!.some(number => got.has(number)),
          `"${name}" (${follower.state}) waits for the end`,
        );
        assert.equal(follower.state, 'open');
      }
    }, SETTLE_MS);
    await eventually(async () => {
      for (const tier of TIERS) {
        const { patterns } = await this.#readPage(tier, '');
        const last = marked.get(tier)!.at(-1);
        assert(
          patterns.some(({ data }) => data.number === last),
          `the last event is not on the tape of ${tier}`,
        );
      }
    }, SETTLE_MS);
  }

  /** What the oracle judges. */
  async facts(): Promise<Facts> {
    const tapes = await Promise.all(TIERS.map(async tier => [tier, await this.#readTape(tier)] as const));
    return {
      published: this.#publisher.published,
      clients: FOLLOWERS.map(({ name, tier, filter }) => {
        const follower = this.#followers.get(name)!;
        const { gaps, withheld, lost } = follower;
        const asked = { kinds: ['pattern'], ...filter };
        return { name, tier, filter: asked, numbers: numbersOf(follower), gaps, withheld, losses: lost.length };
      }),
      tapes: Object.fromEntries(tapes) as unknown as Facts['tapes'],
      toleranceMs: this.#plan.bridgeClocksMs.some(ms => ms !== 0) ? SKEWED_TOLERANCE_MS : 0,
      mayHaveGaps: this.#mayHaveGaps,
    };
  }

  async stop(): Promise<void> {
    for (const follower of this.#followers.values()) follower.close();
    this.#publisher.disconnect();
    await Promise.all(this.#bridges.map(bridge => bridge?.kill()));
    await Promise.all([...this.#sockets.values()].map(proxy => proxy.stop()));
    await Promise.all([this.#ingest?.stop(), this.#edge?.stop(), this.#redis?.kill()]);
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  async #begin(): Promise<void> {
    await Promise.all([this.#startRedis(), this.#startEdge()]);
    this.#ingest = await IngestProxy.start(`http://${HOST}:${this.#ports.edge}`, this.#plan.seed);
    await Promise.all(this.#plan.bridgeClocksMs.map((_, bridge) => this.#startBridge(bridge)));
    await this.#heard();
    for (const { name, tier, filter } of FOLLOWERS) {
      const proxy = await SocketProxy.start(this.#ports.edge);
      this.#sockets.set(name, proxy);
      this.#followers.set(name, await Follower.open(`http://${HOST}:${proxy.port}`, tier, filter));
    }
  }

  /** Waits until every hub knows of every bridge, so that nobody is told of the time before as a gap. */
  async #heard(): Promise<void> {
    const { bridges, edge } = this.#ports;
    await Promise.all(bridges.map(port => isListening(port)));
    await eventually(async () => {
      const { tiers } = await readJson<{ tiers: Record<Tier, { bridges: number }> }>(
        edge,
        '/api/patterns/tiers/health',
      );
      for (const tier of TIERS) assert(tiers[tier].bridges >= bridges.length, `a bridge is not heard in ${tier}`);
    });
  }

  async #apply(fault: Fault, forMs: number): Promise<void> {
    switch (fault.kind) {
      case 'bridge_killed':
      case 'bridge_stopped':
        this.#mayHaveGaps = true;
        return this.#inTurn(`bridge ${fault.bridge}`, async () => {
          const bridge = this.#bridges[fault.bridge]!;
          await (fault.kind === 'bridge_killed' ? bridge.kill() : bridge.stop());
          await sleep(forMs);
          await this.#startBridge(fault.bridge);
        });
      case 'redis_killed':
        this.#mayHaveGaps = true;
        return this.#inTurn('redis', async () => {
          await this.#redis!.kill();
          await sleep(forMs);
          await this.#startRedis();
        });
      case 'redis_frozen':
        return this.#inTurn('redis', async () => {
          this.#redis!.process.kill('SIGSTOP');
          await sleep(forMs);
          this.#redis!.process.kill('SIGCONT');
        });
      case 'worker_killed':
        return this.#inTurn('worker', async () => {
          await this.#edge!.stop();
          await sleep(forMs);
          await this.#startEdge();
        });
      case 'hub_aborted':
        await fetch(`http://${HOST}:${this.#ports.edge}/api/test/abort?hub=${hubName(fault.tier, fault.node)}`).catch(
          () => undefined,
        );
        return;
      case 'socket_cut':
        this.#sockets.get(fault.follower)!.cut();
        return;
      case 'socket_frozen':
      case 'socket_slow': {
        const proxy = this.#sockets.get(fault.follower)!;
        return this.#inTurn(`${fault.kind} ${fault.follower}`, async () => {
          const set = (isOn: boolean) => (fault.kind === 'socket_frozen' ? proxy.freeze(isOn) : proxy.slow(isOn));
          set(true);
          await sleep(forMs);
          set(false);
        });
      }
      case 'burst':
        for (let i = 0; i < fault.events; i++) this.#publisher.publishAny(fault.padding);
        return;
      default:
        return this.#trouble(INGEST_TROUBLES[fault.kind]!, forMs);
    }
  }

  async #inTurn(part: string, action: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(part) ?? Promise.resolve()).then(action);
    this.#turns.set(part, turn);
    await turn;
  }

  async #trouble(trouble: IngestTrouble, forMs: number): Promise<void> {
    const change = (by: number) => {
      const count = (this.#troubled.get(trouble) ?? 0) + by;
      this.#troubled.set(trouble, count);
      if (count > 0) this.#ingest.troubles.add(trouble);
      else this.#ingest.troubles.delete(trouble);
    };
    change(1);
    await sleep(forMs);
    change(-1);
  }

  async #startRedis(): Promise<void> {
    this.#redis = await startRedis(this.#ports.redis);
    this.#publisher.connect(HOST, this.#ports.redis);
  }

  async #startEdge(): Promise<void> {
    const { eventsPerSecond } = this.#plan;
    const vars = {
      APP_ENV: 'development',
      INGEST_SECRET: SECRET,
      SESSION_SECRET: SECRET,
      EVENTS_PER_SECOND: String(eventsPerSecond),
      HUB_REPLICAS: JSON.stringify(Object.fromEntries(TIERS.map(tier => [tier, this.#plan.replicas]))),
    };
    this.#edge = await startEdge({
      host: HOST,
      port: this.#ports.edge,
      bundle: this.#bundle,
      dataDir: this.#dataDir,
      vars,
    });
  }

  async #startBridge(bridge: number): Promise<void> {
    const env = {
      ...process.env,
      REDIS_URL: `redis://${HOST}:${this.#ports.redis}`,
      WORKER_URL: `http://${HOST}:${this.#ingest.port}`,
      INGEST_SECRET: SECRET,
      BRIDGE_ID: `chaos-${bridge}`,
      BRIDGE_PORT: String(this.#ports.bridges[bridge]),
      DATA_DIR: this.#dataDir,
      LOG_LEVEL: 'error',
      CLOCK_OFF_MS: String(this.#plan.bridgeClocksMs[bridge]),
    };
    const args = ['--import', inRepository('test/chaos/clock.ts'), 'bridge/main.ts'];
    this.#bridges[bridge] = await startChild(`bridge ${bridge}`, process.execPath, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Waits until each client has everything up to the newest event. */
  async #reachHeads(): Promise<void> {
    await eventually(async () => {
      const heads = await readJson<{ tiers: Record<Tier, { head: number }> }>(
        this.#ports.edge,
        '/api/patterns/tiers/health',
      );
      for (const { name, tier } of FOLLOWERS) {
        const position = this.#followers.get(name)!.client.topic(tier).position('follow');
        assert((position?.seq ?? 0) >= heads.tiers[tier].head, `"${name}" has not reached the tape's end`);
      }
    }, SETTLE_MS);
  }

  #readPage(tier: Tier, from: string): Promise<Page> {
    return readJson<Page>(this.#ports.edge, `/api/patterns/${tier}?limit=200&confidence_min=0${from}`);
  }

  async #readTape(tier: Tier): Promise<Stored[]> {
    const stored: Stored[] = [];
    for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null; ) {
      const page: Page = await this.#readPage(tier, stored.length > 0 ? `&before_seq=${before}` : '');
      stored.push(...page.patterns.map(({ seq, data }) => ({ seq, number: data.number })));
      before = page.metadata.next_before_seq;
    }
    return stored;
  }
}

interface Health {
  redis: { connected: boolean };
  queued: Record<string, number>;
}

interface Ports {
  redis: number;
  edge: number;
  bridges: number[];
}

interface Page {
  patterns: { seq: number; data: { number: number } }[];
  metadata: { next_before_seq: number | null };
}

function numbersOf({ events }: Follower): number[] {
  return events.map(({ data }) => data.number as number);
}

async function isListening(port: number): Promise<void> {
  await eventually(async () => {
    const { redis } = await readJson<{ redis: { connected: boolean } }>(port, '/healthz');
    assert(redis.connected);
  });
}

async function readJson<T>(port: number, path: string): Promise<T> {
  const answer = await fetch(`http://${HOST}:${port}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
