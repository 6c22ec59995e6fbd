import { createHash, randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { type BridgeHeartbeat, bridgeIdOf } from '../shared/ingest-protocol.ts';
import { TOPICS, type Topic } from '../shared/topics.ts';
import type { BridgeConfig } from './config.ts';
import { type Health, readHealth } from './health.ts';
import { heardChannels } from './heard-channels.ts';
import type { JobPublisher } from './job-publisher.ts';
import { LaneRunner } from './lane.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type NormaliseDeps, normalise, type Outcome, type RawMessage } from './normalise/normalise.ts';
import { normaliseEntry, type StreamEntry } from './normalise/stream-entry.ts';
import type { OnSettled } from './outbox/lane.ts';
import { OUTBOX_LIMITS, Outbox } from './outbox/outbox.ts';
import { OutboxFile } from './outbox-file.ts';
import { type Publish, startRest } from './redis-rest.ts';
import { startServer } from './server.ts';
import { createPost } from './sink.ts';
import type { Source, SourceHandler } from './source.ts';
import { createPublisher, createSource, createStreams } from './sources.ts';
import { type BridgeStats, readStats } from './stats.ts';
import type { StreamSource } from './stream-source.ts';
import { Watch } from './watch.ts';

/** What is on its way when the bridge is stopped gets this long. */
const DRAIN_MS = 3_000;
/** How often what waits is written to disk, when anything has waited for longer than the Worker should take. */
const SAVE_EVERY_MS = 1_000;

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

export interface BridgeOptions {
  /** Takes Redis's place. */
  source?: Source;
  /** Takes jobs in Redis's place. */
  publish?: Publish;
  /** After so many milliseconds without acknowledgement the entry of a stream is taken over; a minute by default. */
  claimAfterMs?: number;
  log?: Log;
}

/**
 * Starts a bridge: from its source through the normaliser into a lane per topic, and so to the Worker. Neither needs to
 * be there when it starts.
 *
 * @throws Error when there is no source, another bridge has the outbox of DATA_DIR, or the port of /healthz
 *   or that for jobs cannot be listened on
 */
export async function startBridge(config: BridgeConfig, options: BridgeOptions = {}): Promise<Bridge> {
  const bridgeId = bridgeIdOf(config.bridgeId, Date.now(), randomBytes(4).toString('hex'));
  const log = options.log ?? createLog(config.logLevel, bridgeId);
  const source = options.source ?? createSource(config, log);
  const file = new OutboxFile({ folder: config.dataDir, bridgeId: config.bridgeId, log }, Date.now());
  const streams = createStreams(config, log, options.claimAfterMs);
  const publisher = createPublisher(config, log);
  const running = new RunningBridge({ bridgeId, config, source, streams, publisher, file, log });
  const publish = options.publish ?? publisher?.publish.bind(publisher);
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
  const onOutcome = (outcome: string) => running.metrics.jobs.inc({ outcome });
  const rest =
    config.rest && publish
      ? await startRest({ ...config.rest, publish, onOutcome, log }).catch(async error => {
          server.close();
          file.close();
          throw error;
        })
      : null;
  running.start();
  log.info({ port, ...(rest && { restPort: rest.port }) }, 'bridge started');
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    // No job is to come in while all else ends.
    if (rest) await close(rest.server);
    await running.stop();
    await close(server);
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

function close(server: Server): Promise<unknown> {
  server.closeAllConnections();
  return new Promise(resolve => server.close(resolve));
}

interface Parts {
  bridgeId: string;
  config: BridgeConfig;
  source: Source;
  streams: StreamSource | null;
  publisher: JobPublisher | null;
  file: OutboxFile;
  log: Log;
}

type Received = Omit<RawMessage, 'raw'>;

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
    const { config, bridgeId, source, streams, file, log } = parts;
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
      openEntries: () => streams?.status().open ?? null,
      clockOffsetMs: () => this.#watch.clockOffsetMs,
      lastMessageAtMs: () => this.#watch.lastMessageAtMs,
      reasons: () => this.#health().reasons.length,
      channels: config.channels,
      outboxMaxBytes: config.outboxMaxBytes,
    });
    this.#watch = new Watch(this.metrics, log);
  }

  start(): void {
    const { config, source, streams, publisher, log } = this.#parts;
    const workerNow = () => Date.now() + (this.#watch.clockOffsetMs ?? 0);
    const post = createPost(config.workerUrl, config.ingestSecret, workerNow);
    for (const topic of TOPICS) {
      const lane = this.#outbox.lanes[topic];
      const runner = new LaneRunner({
        lane,
        post,
        heartbeat: () => this.#heartbeat(topic),
        workerAheadMs: () => this.#watch.workerAheadMs(Date.now()),
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
    publisher?.start();
    streams?.start((entry, onSettled) => this.#onEntry(entry, onSettled));
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    const { source, streams, publisher, file, log } = this.#parts;
    await Promise.all([source.stop(), streams?.stopReading(), publisher?.stop()]);
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
    await streams?.close();
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
    this.#take(message, outcomes, performance.now() - beganMs);
  }

  /** Says nothing of what pub/sub covers: a stream loses nothing. */
  #onEntry(entry: StreamEntry, onSettled: OnSettled): void {
    const beganMs = performance.now();
    const outcomes = normaliseEntry(entry, this.#parts.config.streams, this.#deps);
    const { stream: channel, receivedAtMs } = entry;
    this.#take({ channel, receivedAtMs }, outcomes, performance.now() - beganMs, onSettled);
  }

  #take(received: Received, outcomes: readonly Outcome[], tookMs: number, onSettled?: OnSettled): void {
    const touched = this.#outbox.add(received, outcomes, onSettled);
    this.#watch.noteMessage(received, outcomes, tookMs);
    this.#watch.noteDropped(this.#outbox.dropped, received.receivedAtMs);
    for (const topic of touched) this.#runners.get(topic)?.wake();
  }

  stats(): BridgeStats {
    const { bridgeId, source, streams, file } = this.#parts;
    const facts = { bridgeId, source: source.status(), openEntries: streams?.status().open ?? null };
    const { path } = file.status();
    return readStats({ ...facts, path, health: this.#health(), outbox: this.#outbox, watch: this.#watch }, Date.now());
  }

  #health(): Health {
    const failing = [...this.#runners].flatMap(([topic, { failing }]) => (failing ? [{ topic, ...failing }] : []));
    const { clockOffsetMs, droppedAtMs, givenUpAtMs } = this.#watch;
    const source = this.#parts.source.status();
    const streamReasons = this.#parts.streams?.status().reasons ?? [];
    const jobReason = this.#parts.publisher?.reason ?? null;
    const outboxFile = this.#parts.file.status();
    const inMemoryAlone = this.#outbox.inMemoryAlone.events;
    const facts = {
      source,
      streamReasons,
      jobReason,
      failing,
      clockOffsetMs,
      droppedAtMs,
      givenUpAtMs,
      outboxFile,
      inMemoryAlone,
    };
    return readHealth(facts, Date.now());
  }

  #heartbeat(topic: Topic): BridgeHeartbeat {
    const { config, source } = this.#parts;
    const status = source.status();
    const { reasons } = this.#health();
    return {
      at_ms: Date.now(),
      redis_connected: status.connected,
      redis_latency_ms: status.latencyMs,
      channels_subscribed: status.channelsSubscribed,
      channels_wanted: status.channelsWanted,
      last_message_at_ms: this.#watch.counts().lastMessageAtMs,
      reasons: reasons.slice(0, 20).map(reason => reason.slice(0, 300)),
      // One hub is enough to keep what is the same for all.
      ...(topic === 'system' && {
        channels: heardChannels(config, this.#watch.channels, channel => source.listeningTo(channel)),
      }),
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
