import type { Redis } from 'ioredis';
import { type Log, sayError } from './log.ts';
import { createRedis, disconnect, inTime, RECONNECT } from './redis-connection.ts';

/** A connection on which jobs are published; what cannot be published at once fails at once. */
export class JobPublisher {
  readonly #redis: Redis;
  readonly #log: Log;
  #isStopped = false;
  #lastError = '';

  constructor(url: string, log: Log) {
    this.#redis = createRedis(url, 'tickstock-bridge-jobs');
    this.#log = log;
  }

  start(): void {
    this.#redis.on('ready', () => {
      this.#lastError = '';
    });
    this.#redis.on('error', error => this.#noteError(sayError(error)));
    // Where a connection cannot even be tried, ioredis gives up.
    this.#redis.on('end', () => setTimeout(() => this.#connect(), RECONNECT.maxMs).unref());
    this.#connect();
  }

  /**
   * Resolves with how many listened; of a cluster, how many did at the node in use.
   * @throws Error when Redis does not take it, or gives no answer, and may have taken it all the same
   */
  publish(channel: string, message: string): Promise<number> {
    return inTime(this.#redis.publish(channel, message));
  }

  /** Why jobs cannot be published; null when they can. */
  get reason(): string | null {
    return this.#redis.status === 'ready'
      ? null
      : `no job can be published${this.#lastError && `: ${this.#lastError}`}`;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await disconnect(this.#redis);
  }

  #connect(): void {
    if (this.#isStopped) return;
    this.#redis.connect().catch(() => {
      // Told by the `error` event, and tried again.
    });
  }

  #noteError(text: string): void {
    if (text === this.#lastError || this.#isStopped) return;
    this.#lastError = text;
    this.#log.warn({ error: text }, 'Redis error, where jobs are published');
  }
}
