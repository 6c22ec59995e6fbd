import { createHash, randomBytes } from 'node:crypto';
import type { BridgeHeartbeat } from '../shared/ingest-protocol.ts';
import { TOPICS, type Topic } from '../shared/topics.ts';
import type { BridgeConfig } from './config.ts';
import { type Health, readHealth } from './health.ts';
import { LaneRunner } from './lane.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type NormaliseDeps, normalise, type RawMessage } from './normalise/normalise.ts';
import { Outbox } from './outbox/outbox.ts';
import { RedisSource } from './redis-source.ts';
import { startServer } from './server.ts';
import { createPost } from './sink.ts';
import type { Source, SourceHandler, SourceStatus } from './source.ts';
import { Watch, type WatchCounts } from './watch.ts';

/** What is on its way when the bridge is stopped gets this long. */
const DRAIN_MS = 3_000;
/** Round trips to Redis that are slower than this degrade the bridge. */
const MAX_LATENCY_MS = { production: 50, development: 5_000 };

/** A running bridge. */
export interface Bridge {
  /** New at each start. */
  bridgeId: string;
  /** Where /healthz and /metrics listen. */
  port: number;
  stats(): BridgeStats;
  /** Stops listening, posts what waits for at most three seconds, and lets go of everything. */
  stop(): Promise<void>;
}

/** How a bridge is doing. */
export interface BridgeStats extends Health, WatchCounts {
  bridgeId: string;
  redis: Omit<SourceStatus, 'reasons'>;
  /** Events that wait, by topic. */
  queued: Record<Topic, number>;
  /** Events given up because too many waited. */
  dropped: number;
}

export interface BridgeOptions {
  /** Takes Redis's place. */
  source?: Source;
  log?: Log;
}

/**
 * Starts a bridge: from its source through the normaliser into a lane per topic, and so to the Worker. Neither needs to
 * be there when it starts.
 *
 * @throws Error when there is no source, or the port of /healthz cannot be listened on
 */
export async function startBridge(config: BridgeConfig, options: BridgeOptions = {}): Promise<Bridge> {
  const bridgeId = `${config.bridgeId}-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const log = options.log ?? createLog(config.logLevel, bridgeId);
  const source = options.source ?? createSource(config, log);
  const running = new RunningBridge({ bridgeId, config, source, log });
  const { server, port } = await startServer({
    host: config.host,
    port: config.port,
    health: () => running.stats(),
    isAlive: () => !running.isStopping,
    metrics: () => running.metrics.registry.metrics(),
    metricsType: running.metrics.registry.contentType,
    log,
  });
  running.start();
  log.info({ port }, 'bridge started');
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await running.stop();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    log.info('bridge stopped');
  };
  return {
    bridgeId,
    port,
    stats: () => running.stats(),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function createSource(config: BridgeConfig, log: Log): Source {
  if (config.redisUrl === null) throw new Error('REDIS_URL: is not set');
  return new RedisSource({
    url: config.redisUrl,
    channels: Object.keys(config.channels),
    maxLatencyMs: MAX_LATENCY_MS[config.appEnv],
    log,
  });
}

interface Parts {
  bridgeId: string;
  config: BridgeConfig;
  source: Source;
  log: Log;
}

/** The parts of a bridge, and what they tell each other. */
class RunningBridge implements SourceHandler {
  readonly metrics: Metrics;
  isStopping = false;
  readonly #parts: Parts;
  readonly #deps: NormaliseDeps;
  readonly #outbox: Outbox;
  readonly #watch: Watch;
  readonly #runners = new Map<Topic, LaneRunner>();

  constructor(parts: Parts) {
    const { config, bridgeId, source, log } = parts;
    this.#parts = parts;
    this.#deps = {
      policy: config.policy,
      channels: config.channels,
      hash: text => createHash('sha256').update(text).digest('base64url'),
    };
    this.#outbox = new Outbox(bridgeId);
    this.metrics = createMetrics({
      outbox: this.#outbox,
      source: () => source.status(),
      clockOffsetMs: () => this.#watch.clockOffsetMs,
    });
    this.#watch = new Watch(this.metrics, log);
  }

  start(): void {
    const { config, source } = this.#parts;
    const workerNow = () => Date.now() + (this.#watch.clockOffsetMs ?? 0);
    const post = createPost(config.workerUrl, config.ingestSecret, workerNow);
    for (const topic of TOPICS) {
      const lane = this.#outbox.lanes[topic];
      const runner = new LaneRunner({
        lane,
        post,
        heartbeat: () => this.#heartbeat(),
        onAnswer: answer => this.#watch.noteAnswer(topic, answer, Date.now()),
        onGivenUp: givenUp => {
          this.#watch.noteGivenUp(topic, givenUp, Date.now());
          if (givenUp.what !== 'event') return;
          this.#outbox.addReject(givenUp.reject);
          this.#runners.get('system')?.wake();
        },
      });
      this.#runners.set(topic, runner);
    }
    source.start(this);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.#parts.source.stop();
    this.#outbox.close();
    // The last batch of each lane tells what is only counted, and up to when it covers.
    for (const topic of TOPICS) this.#outbox.lanes[topic].beatSoon();
    const runners = [...this.#runners.values()];
    const timer = setTimeout(() => {
      for (const runner of runners) runner.abort();
    }, DRAIN_MS);
    await Promise.all(runners.map(runner => runner.finish()));
    clearTimeout(timer);
    const { events } = this.#outbox;
    if (events > 0) this.#parts.log.warn({ events }, 'stopped before these were taken');
  }

  onOpen(atMs: number): void {
    this.#outbox.open(atMs);
    this.#wakeAll();
  }

  onAlive(atMs: number): void {
    this.#outbox.confirm(atMs);
  }

  onClose(reason: string): void {
    this.#parts.log.warn({ reason }, 'messages may have been missed');
    this.#outbox.close();
    this.#wakeAll();
  }

  onMessage(message: RawMessage): void {
    const beganMs = performance.now();
    const outcomes = normalise(message, this.#deps);
    const tookMs = performance.now() - beganMs;
    const touched = this.#outbox.add(message, outcomes);
    this.#outbox.confirm(message.receivedAtMs);
    this.#watch.noteMessage(message, outcomes, tookMs);
    this.#watch.noteDropped(this.#outbox.dropped, message.receivedAtMs);
    for (const topic of touched) this.#runners.get(topic)?.wake();
  }

  stats(): BridgeStats {
    const { bridgeId, source } = this.#parts;
    const { reasons: _, ...redis } = source.status();
    return {
      ...this.#health(),
      bridgeId,
      redis,
      ...this.#watch.counts(),
      queued: Object.fromEntries(
        TOPICS.map(topic => [topic, this.#outbox.lanes[topic].events]),
      ) as BridgeStats['queued'],
      dropped: this.#outbox.dropped,
    };
  }

  #health(): Health {
    const failing = [...this.#runners].flatMap(([topic, { failing }]) => (failing ? [{ topic, ...failing }] : []));
    const { clockOffsetMs, droppedAtMs, givenUpAtMs } = this.#watch;
    const source = this.#parts.source.status();
    return readHealth({ source, failing, clockOffsetMs, droppedAtMs, givenUpAtMs }, Date.now());
  }

  #heartbeat(): BridgeHeartbeat {
    const status = this.#parts.source.status();
    const { reasons } = this.#health();
    return {
      at_ms: Date.now(),
      redis_connected: status.connected,
      redis_latency_ms: status.latencyMs,
      channels_subscribed: status.channelsSubscribed,
      channels_wanted: status.channelsWanted,
      last_message_at_ms: this.#watch.counts().lastMessageAtMs,
      reasons: reasons.slice(0, 20).map(reason => reason.slice(0, 300)),
    };
  }

  #wakeAll(): void {
    for (const runner of this.#runners.values()) runner.wake();
  }
}
