import { createHash, randomBytes } from 'node:crypto';
import { type BridgeHeartbeat, bridgeIdOf } from '../shared/ingest-protocol.ts';
import { TOPICS, type Topic } from '../shared/topics.ts';
import type { BridgeConfig } from './config.ts';
import { type Health, readHealth } from './health.ts';
import { LaneRunner } from './lane.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type NormaliseDeps, normalise, type RawMessage } from './normalise/normalise.ts';
import { OUTBOX_LIMITS, Outbox } from './outbox/outbox.ts';
import { OutboxFile } from './outbox-file.ts';
import { RedisSource } from './redis-source.ts';
import { startServer } from './server.ts';
import { createPost } from './sink.ts';
import type { Source, SourceHandler, SourceStatus } from './source.ts';
import { Watch, type WatchCounts } from './watch.ts';

/** What is on its way when the bridge is stopped gets this long. */
const DRAIN_MS = 3_000;
/** How often what waits is written to disk, when anything has waited for longer than the Worker should take. */
const SAVE_EVERY_MS = 1_000;
/** Round trips to Redis that are slower than this degrade the bridge. */
const MAX_LATENCY_MS = { production: 50, development: 5_000 };

/** A running bridge. */
export interface Bridge {
  /** New at each start. */
  bridgeId: string;
  /** Where /healthz and /metrics listen. */
  port: number;
  stats(): BridgeStats;
  /**
   * Stops listening, posts what waits for at most three seconds, keeps on disk what was not taken, and lets go of
   * everything.
   */
  stop(): Promise<void>;
}

/** How a bridge is doing. */
export interface BridgeStats extends Health, WatchCounts {
  bridgeId: string;
  redis: Omit<SourceStatus, 'reasons'>;
  /** Events that wait, by topic. */
  queued: Record<Topic, number>;
  /** Events given up, for want of room or because the disk lost them. */
  dropped: number;
  /** What is on disk of what waits, and what is not. */
  outbox: {
    path: string;
    events: number;
    bytes: number;
    /** Of the oldest event that waits, on disk or not; null when none does. */
    oldestAgeMs: number | null;
    inMemoryAlone: { events: number; forMs: number | null };
  };
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
 * @throws Error when there is no source, another bridge has the outbox of DATA_DIR, or the port of /healthz cannot be
 *   listened on
 */
export async function startBridge(config: BridgeConfig, options: BridgeOptions = {}): Promise<Bridge> {
  const bridgeId = bridgeIdOf(config.bridgeId, Date.now(), randomBytes(4).toString('hex'));
  const log = options.log ?? createLog(config.logLevel, bridgeId);
  const source = options.source ?? createSource(config, log);
  const file = new OutboxFile({ folder: config.dataDir, bridgeId: config.bridgeId, log }, Date.now());
  const running = new RunningBridge({ bridgeId, config, source, file, log });
  const { server, port } = await startServer({
    host: config.host,
    port: config.port,
    health: () => running.stats(),
    isAlive: () => !running.isStopping,
    metrics: () => running.metrics.registry.metrics(),
    metricsType: running.metrics.registry.contentType,
    log,
  }).catch(error => {
    file.close();
    throw error;
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
  file: OutboxFile;
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
  #saveTimer: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    const { config, bridgeId, source, file, log } = parts;
    this.#parts = parts;
    this.#deps = {
      policy: config.policy,
      channels: config.channels,
      hash: text => createHash('sha256').update(text).digest('base64url'),
    };
    const limits = { ...OUTBOX_LIMITS, maxTotalBytes: config.outboxMaxBytes };
    this.#outbox = new Outbox(bridgeId, { limits, store: file });
    this.metrics = createMetrics({
      outbox: this.#outbox,
      source: () => source.status(),
      clockOffsetMs: () => this.#watch.clockOffsetMs,
    });
    this.#watch = new Watch(this.metrics, log);
  }

  start(): void {
    const { config, source, log } = this.#parts;
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
        onRecovered: () => {
          for (const other of this.#runners.values()) other.retry();
        },
      });
      this.#runners.set(topic, runner);
    }
    const { events } = this.#outbox;
    if (events > 0) log.info({ events }, 'posting first what an earlier start left');
    this.#saveTimer = setInterval(() => {
      if (this.#outbox.isSaveDue(Date.now())) this.#save();
    }, SAVE_EVERY_MS);
    source.start(this);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    const { source, file, log } = this.#parts;
    await source.stop();
    clearInterval(this.#saveTimer);
    this.#outbox.close();
    // Whoever stops the bridge may not give it the time to post.
    this.#save();
    // The last batch of each lane tells what is only counted, and up to when it covers.
    for (const topic of TOPICS) this.#outbox.lanes[topic].beatSoon();
    const runners = [...this.#runners.values()];
    const timer = setTimeout(() => {
      for (const runner of runners) runner.abort();
    }, DRAIN_MS);
    await Promise.all(runners.map(runner => runner.finish()));
    clearTimeout(timer);
    this.#save();
    const { events, inMemoryAlone } = this.#outbox;
    file.close();
    if (events > inMemoryAlone.events) log.info({ events: events - inMemoryAlone.events }, 'kept for the next start');
    if (inMemoryAlone.events > 0) log.error({ events: inMemoryAlone.events }, 'lost, as they could not be kept');
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
    const { bridgeId, source, file } = this.#parts;
    const { reasons: _, ...redis } = source.status();
    const { events, bytes, oldestMs, inMemoryAlone: alone } = this.#outbox;
    const ageOf = (sinceMs: number | null) => (sinceMs === null ? null : Date.now() - sinceMs);
    return {
      ...this.#health(),
      bridgeId,
      redis,
      ...this.#watch.counts(),
      queued: Object.fromEntries(
        TOPICS.map(topic => [topic, this.#outbox.lanes[topic].events]),
      ) as BridgeStats['queued'],
      dropped: this.#outbox.dropped,
      outbox: {
        path: file.status().path,
        events: events - alone.events,
        bytes: bytes - alone.bytes,
        oldestAgeMs: ageOf(oldestMs),
        inMemoryAlone: { events: alone.events, forMs: ageOf(alone.sinceMs) },
      },
    };
  }

  #health(): Health {
    const failing = [...this.#runners].flatMap(([topic, { failing }]) => (failing ? [{ topic, ...failing }] : []));
    const { clockOffsetMs, droppedAtMs, givenUpAtMs } = this.#watch;
    const source = this.#parts.source.status();
    const outboxFile = this.#parts.file.status();
    const inMemoryAlone = this.#outbox.inMemoryAlone.events;
    const facts = { source, failing, clockOffsetMs, droppedAtMs, givenUpAtMs, outboxFile, inMemoryAlone };
    return readHealth(facts, Date.now());
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

  #save(): void {
    this.#outbox.save();
    this.#watch.noteDropped(this.#outbox.dropped, Date.now());
  }

  #wakeAll(): void {
    for (const runner of this.#runners.values()) runner.wake();
  }
}
