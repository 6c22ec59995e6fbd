import { type Redis, ReplyError } from 'ioredis';
import { type Log, sayError } from './log.ts';
import { ANSWER_TIMEOUT_MS, createRedis, disconnect, follow, inTime, NoAnswer, RECONNECT } from './redis-connection.ts';
import { readRedisUrl, showRedisUrl } from './redis-url.ts';
import type { ChannelListening, Source, SourceHandler, SourceStatus } from './source.ts';

/** What is covered is known as exactly as that. */
const PING_EVERY_MS = 1_000;
/** What the last PING before a stop may take. */
const LAST_PING_MS = 500;
const CHECK_EVERY_MS = 60_000;

export interface RedisSourceOptions {
  url: string;
  channels: readonly string[];
  /** Round trips slower than this degrade the source. */
  maxLatencyMs: number;
  log: Log;
}

/**
 * Subscribes to the producer's channels and stays subscribed: reconnects for ever, and takes a connection for broken
 * that does not answer. A channel that Redis refuses is named in the status and tried again with each check; once it is
 * won the source counts as opened anew, as nobody heard what was published there before. A second connection checks the
 * round trip, and that Redis really has a subscriber on each channel. Only ever listens: it publishes nothing and writes
 * no key.
 */
export class RedisSource implements Source {
  readonly #options: RedisSourceOptions;
  readonly #subscriber: Redis;
  readonly #checker: Redis;
  readonly #isOfCluster: boolean;
  readonly #confirmed = new Set<string>();
  #handler: SourceHandler | null = null;
  /** Counts connections, so that what belongs to an earlier one is recognised. */
  #connection = 0;
  #isOpen = false;
  #lastError = '';
  /** On the clock that nobody sets. */
  #heardAtMs = 0;
  /** When the PING was sent that is not answered yet, on the same clock; null: none is on its way. */
  #askedAtMs: number | null = null;
  #latencyMs: number | null = null;
  /** By channel, as PUBSUB NUMSUB last said; empty while that is not known. */
  #subscribers = new Map<string, number>();
  #unheard: string[] = [];
  #checkError: string | null = null;
  #pingTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #checkTimer: NodeJS.Timeout | undefined;

  constructor(options: RedisSourceOptions) {
    this.#options = options;
    this.#isOfCluster = readRedisUrl(options.url)?.kind === 'cluster';
    this.#subscriber = createRedis(options.url, 'tickstock-bridge');
    this.#checker = createRedis(options.url, 'tickstock-bridge-check', this.#subscriber);
  }

  start(handler: SourceHandler): void {
    this.#handler = handler;
    this.#subscriber.on('message', (channel, raw) => {
      this.#heardAtMs = performance.now();
      this.#handler?.onMessage({ channel, raw, receivedAtMs: Date.now() });
    });
    this.#subscriber.on('ready', () => this.#subscribe());
    this.#subscriber.on('close', () => this.#close());
    this.#checker.on('ready', () => this.#check());
    for (const redis of [this.#subscriber, this.#checker]) {
      redis.on('error', error => this.#noteError(sayError(error)));
      // Where a connection cannot even be tried, ioredis gives up.
      redis.on('end', () => setTimeout(() => this.#connect(redis), RECONNECT.maxMs).unref());
      this.#connect(redis);
    }
    this.#checkTimer = setInterval(() => this.#check(), CHECK_EVERY_MS);
    this.#options.log.info(
      { redis: showRedisUrl(this.#options.url), channels: this.#options.channels.length },
      'listening',
    );
  }

  async stop(): Promise<void> {
    if (this.#isOpen) await this.#lastPing();
    this.#handler = null;
    this.#connection++;
    clearTimeout(this.#pingTimer);
    clearTimeout(this.#retryTimer);
    clearInterval(this.#checkTimer);
    await Promise.all([disconnect(this.#subscriber), disconnect(this.#checker)]);
  }

  status(): SourceStatus {
    const { channels, maxLatencyMs } = this.#options;
    const reasons: string[] = [];
    if (!this.#isOpen) reasons.push(`Redis is not connected${this.#lastError && `: ${this.#lastError}`}`);
    const refused = this.#isOpen ? this.#missing() : [];
    if (refused.length > 0) reasons.push(`Redis refuses channels: ${refused.join(', ')}`);
    const lateMs = this.#askedAtMs === null ? 0 : performance.now() - this.#askedAtMs;
    if (lateMs > ANSWER_TIMEOUT_MS) reasons.push(`what Redis sends is read ${Math.round(lateMs / 1_000)} s late`);
    const unheard = this.#isOpen ? this.#unheard : [];
    if (unheard.length > 0) reasons.push(`Redis shows no subscriber on: ${unheard.join(', ')}`);
    if (this.#checkError !== null) reasons.push(`Redis cannot be checked: ${this.#checkError}`);
    if (this.#latencyMs !== null && this.#latencyMs > maxLatencyMs) {
      reasons.push(`Redis answers in ${this.#latencyMs} ms, at most ${maxLatencyMs}`);
    }
    return {
      connected: this.#isOpen,
      latencyMs: this.#latencyMs,
      channelsSubscribed: this.#isOpen ? this.#confirmed.size - unheard.length : 0,
      channelsWanted: channels.length,
      reasons,
    };
  }

  listeningTo(channel: string): ChannelListening {
    return {
      subscribed: this.#isOpen && this.#confirmed.has(channel),
      subscribers: this.#subscribers.get(channel) ?? null,
    };
  }

  #connect(redis: Redis): void {
    if (!this.#handler) return;
    redis.connect().catch(() => {
      // Told by the `error` event, and tried again.
    });
  }

  /** Channel by channel: Redis refuses a whole SUBSCRIBE for one channel that the user may not read. */
  async #subscribe(): Promise<void> {
    const connection = ++this.#connection;
    this.#confirmed.clear();
    follow(this.#checker, this.#subscriber);
    const { channels, log } = this.#options;
    await Promise.all(channels.map(channel => this.#subscribeTo(channel, connection)));
    if (!this.#isCurrent(connection)) return;
    if (this.#confirmed.size === 0) {
      this.#retryTimer = setTimeout(() => this.#subscribe(), RECONNECT.maxMs);
      return;
    }
    this.#isOpen = true;
    this.#lastError = '';
    log.info({ subscribed: this.#confirmed.size, wanted: channels.length }, 'subscribed');
    this.#handler?.onOpen(Date.now());
    this.#pingSoon(connection);
    if (this.#checker.status === 'ready') await this.#check();
  }

  /** Without an answer the connection is broken: what it is subscribed to is not known. @returns whether it was won */
  async #subscribeTo(channel: string, connection: number): Promise<boolean> {
    try {
      await this.#answered(this.#subscriber.subscribe(channel));
      if (!this.#isCurrent(connection) || this.#confirmed.has(channel)) return false;
      this.#heardAtMs = performance.now();
      this.#confirmed.add(channel);
      return true;
    } catch (error) {
      if (!this.#isCurrent(connection)) return false;
      if (error instanceof ReplyError) this.#noteError(sayError(error));
      else this.#break(error);
      return false;
    }
  }

  /** Tries again what Redis refused. */
  async #subscribeToMissing(): Promise<void> {
    const connection = this.#connection;
    const missing = this.#isOpen ? this.#missing() : [];
    const isWon = await Promise.all(missing.map(channel => this.#subscribeTo(channel, connection)));
    const won = missing.filter((_, i) => isWon[i]);
    for (const channel of won) this.#subscribers.delete(channel);
    if (won.length === 0 || !this.#isCurrent(connection)) return;
    this.#handler?.onClose(`refused until now: ${won.join(', ')}`);
    this.#handler?.onOpen(Date.now());
  }

  #missing(): string[] {
    return this.#options.channels.filter(channel => !this.#confirmed.has(channel));
  }

  #pingSoon(connection: number): void {
    clearTimeout(this.#pingTimer);
    this.#pingTimer = setTimeout(() => this.#ping(connection), PING_EVERY_MS);
  }

  async #ping(connection: number): Promise<void> {
    const sentAtMs = Date.now();
    this.#askedAtMs = performance.now();
    try {
      await this.#answered(this.#subscriber.ping());
      if (this.#isCurrent(connection)) this.#askedAtMs = null;
      if (this.#isOfCluster) await this.#checkCluster();
      if (!this.#isCurrent(connection)) return;
      // What Redis published before it read the PING was on its way before the answer.
      this.#handler?.onAlive(sentAtMs);
      this.#pingSoon(connection);
    } catch (error) {
      if (this.#isCurrent(connection)) this.#break(error);
    }
  }

  /** So that what is covered ends where this does. */
  async #lastPing(): Promise<void> {
    const sentAtMs = Date.now();
    try {
      await inTime(this.#subscriber.ping(), LAST_PING_MS);
      this.#handler?.onAlive(sentAtMs);
    } catch {
      // Then it ends with the PING before.
    }
  }

  /** @throws Error when the node does not hear what is published on the others */
  async #checkCluster(): Promise<void> {
    if (this.#checker.status !== 'ready') return;
    const info = String(await inTime(this.#checker.cluster('INFO')));
    if (!info.includes('cluster_state:ok')) throw new Error('the node is cut off from its cluster');
  }

  /** Waits for as long as anything comes in: an answer stands behind all that was published before it. */
  async #answered(answer: Promise<unknown>): Promise<void> {
    for (let waitMs = ANSWER_TIMEOUT_MS; ; ) {
      try {
        await inTime(answer, waitMs);
        return;
      } catch (error) {
        waitMs = this.#heardAtMs + ANSWER_TIMEOUT_MS - performance.now();
        if (waitMs <= 0 || !(error instanceof NoAnswer)) throw error;
      }
    }
  }

  /** Ends a connection that does not do what it should, and reconnects. */
  #break(error: unknown): void {
    this.#noteError(sayError(error));
    this.#close();
    this.#subscriber.disconnect(true);
  }

  #close(): void {
    this.#connection++;
    this.#askedAtMs = null;
    clearTimeout(this.#pingTimer);
    clearTimeout(this.#retryTimer);
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#handler?.onClose(this.#lastError || 'closed by Redis');
  }

  async #check(): Promise<void> {
    try {
      const beganMs = performance.now();
      await inTime(this.#checker.ping());
      this.#latencyMs = Math.round((performance.now() - beganMs) * 10) / 10;
      const { channels } = this.#options;
      const confirmed = [...this.#confirmed];
      const counts = (await inTime(this.#checker.pubsub('NUMSUB', ...channels))) as (string | number)[];
      this.#subscribers = new Map(channels.map((channel, i) => [channel, Number(counts[2 * i + 1])]));
      this.#unheard = confirmed.filter(channel => this.#subscribers.get(channel) === 0);
      this.#checkError = null;
    } catch (error) {
      this.#subscribers.clear();
      this.#checkError = sayError(error);
    }
    // What a check finds because the source was stopped meanwhile says nothing of Redis.
    if (!this.#handler) return;
    await this.#subscribeToMissing();
    // That it is not open yet, or no longer, is told where that happens.
    const reasons = this.#isOpen ? this.status().reasons : [];
    if (reasons.length > 0) this.#options.log.warn({ reasons }, 'Redis check');
  }

  #isCurrent(connection: number): boolean {
    return this.#handler !== null && connection === this.#connection;
  }

  /** Logged when it changes: a server that is away fails alike for hours. */
  #noteError(text: string): void {
    if (text === this.#lastError || !this.#handler) return;
    this.#lastError = text;
    this.#options.log.warn({ error: text }, 'Redis error');
  }
}
