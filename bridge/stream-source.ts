import { once } from 'node:events';
import { type Redis, ReplyError } from 'ioredis';
import { backoffMs } from '../shared/backoff.ts';
import { type Log, sayError } from './log.ts';
import type { StreamEntry } from './normalise/stream-entry.ts';
import type { OnSettled } from './outbox/lane.ts';
import { ANSWER_TIMEOUT_MS, createRedis, disconnect, inTime, RECONNECT } from './redis-connection.ts';

export interface StreamSourceOptions {
  url: string;
  streams: readonly string[];
  group: string;
  /** The same at each start, so that what it had read is its own again. */
  consumer: string;
  /** An entry that nobody acknowledges for this long is taken over. */
  claimAfterMs: number;
  log: Log;
}

/** Hears of each entry, in order within a stream; `onSettled` acknowledges it, or leaves it to be delivered again. */
export type OnEntry = (entry: StreamEntry, onSettled: OnSettled) => void;

/** So many entries are read and not acknowledged at most: what waits for longer waits in Redis. */
const MAX_OPEN = 1_000;
const READ_COUNT = 100;
const BLOCK_MS = 2_000;
/** A stream that Redis refuses is tried again this often. */
const CHECK_EVERY_MS = 60_000;

type RawEntry = [id: string, fields: string[] | null];

/**
 * Reads streams as one consumer of a group. An entry is acknowledged once it is settled, so that whatever becomes of
 * this bridge, its next start or another one of the group delivers it. Entries that nobody acknowledges are claimed.
 *
 * Of what writes, it uses XREADGROUP, XACK, XAUTOCLAIM and, where the group is not there, XGROUP CREATE.
 */
export class StreamSource {
  readonly #options: StreamSourceOptions;
  /** Waits for entries; another one does what must not wait. */
  readonly #reader: Redis;
  readonly #writer: Redis;
  readonly #open = new Set<string>();
  readonly #acknowledged = new Map<string, Set<string>>();
  readonly #refused = new Map<string, string>();
  #onEntry: OnEntry = () => {};
  #isReading = false;
  #done: Promise<void> = Promise.resolve();
  #error: string | null = 'not connected yet';
  #claimedAtMs = Number.NEGATIVE_INFINITY;
  #checkedAtMs = 0;
  #wake: () => void = () => {};

  constructor(options: StreamSourceOptions) {
    this.#options = options;
    this.#reader = createRedis(options.url, 'tickstock-bridge-streams');
    this.#writer = createRedis(options.url, 'tickstock-bridge-acks');
    for (const redis of [this.#reader, this.#writer]) {
      redis.on('error', () => {
        // Told by the command that failed.
      });
    }
  }

  start(onEntry: OnEntry): void {
    this.#onEntry = onEntry;
    this.#isReading = true;
    this.#done = this.#run();
  }

  /** Reads no more; what is settled is acknowledged still. */
  async stopReading(): Promise<void> {
    this.#isReading = false;
    this.#wake();
    await disconnect(this.#reader);
    await this.#done;
  }

  async close(): Promise<void> {
    await this.#acknowledgeNow();
    await disconnect(this.#writer);
  }

  status(): { open: number; reasons: string[] } {
    const reasons = [...this.#refused].map(([stream, why]) => `Redis refuses stream ${stream}: ${why}`);
    if (this.#error !== null) reasons.push(`Redis streams cannot be read: ${this.#error}`);
    return { open: this.#open.size, reasons };
  }

  async #run(): Promise<void> {
    for (let failures = 0; this.#isReading; ) {
      try {
        await Promise.all([whenReady(this.#reader), whenReady(this.#writer)]);
        await this.#createGroups(this.#options.streams);
        for (const stream of this.#readable()) await this.#readOwn(stream);
        this.#error = null;
        failures = 0;
        while (this.#isReading) await this.#turn();
      } catch (error) {
        if (!this.#isReading) return;
        this.#noteError(error);
        // What a connection is in the middle of is not known.
        if (!(error instanceof ReplyError)) this.#reader.disconnect(true);
        await this.#sleep(backoffMs(RECONNECT, ++failures, Math.random()));
      }
    }
  }

  async #turn(): Promise<void> {
    await this.#acknowledge();
    const nowMs = performance.now();
    if (nowMs - this.#claimedAtMs >= this.#options.claimAfterMs / 2) {
      this.#claimedAtMs = nowMs;
      for (const stream of this.#readable()) await this.#claim(stream);
    }
    if (this.#refused.size > 0 && nowMs - this.#checkedAtMs >= CHECK_EVERY_MS) {
      await this.#createGroups([...this.#refused.keys()]);
    }
    const streams = this.#readable();
    const room = MAX_OPEN - this.#open.size;
    if (streams.length === 0 || room <= 0) return this.#sleep(BLOCK_MS);
    const count = Math.min(READ_COUNT, Math.ceil(room / streams.length));
    const { group, consumer } = this.#options;
    const read = this.#reader.xreadgroup(
      ...(['GROUP', group, consumer, 'COUNT', count, 'BLOCK', BLOCK_MS, 'STREAMS'] as const),
      ...[...streams, ...streams.map(() => '>')],
    );
    const found = (await inTime(read, BLOCK_MS + ANSWER_TIMEOUT_MS)) as [string, RawEntry[]][] | null;
    for (const [stream, entries] of found ?? []) this.#handAll(stream, entries);
  }

  #readable(): string[] {
    return this.#options.streams.filter(stream => !this.#refused.has(stream));
  }

  /** From the first entry on, where the group is not there; the stream as well. */
  async #createGroups(streams: readonly string[]): Promise<void> {
    this.#checkedAtMs = performance.now();
    for (const stream of streams) {
      try {
        await inTime(this.#writer.xgroup('CREATE', stream, this.#options.group, '0', 'MKSTREAM'));
        this.#refused.delete(stream);
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        const why = sayError(error);
        if (why.startsWith('BUSYGROUP')) this.#refused.delete(stream);
        else {
          this.#refused.set(stream, why);
          this.#options.log.warn({ stream, error: why }, 'Redis refuses a stream');
        }
      }
    }
  }

  /** What this consumer has read, maybe before it was started anew, and not acknowledged. */
  async #readOwn(stream: string): Promise<void> {
    const { group, consumer } = this.#options;
    for (let after = '0'; this.#hasRoom(); ) {
      const found = (await inTime(
        this.#writer.xreadgroup('GROUP', group, consumer, 'COUNT', READ_COUNT, 'STREAMS', stream, after),
      )) as [string, RawEntry[]][];
      const entries = found[0]?.[1] ?? [];
      if (entries.length === 0) return;
      this.#handAll(stream, entries);
      after = entries.at(-1)![0];
    }
  }

  /** What some consumer has read, and not acknowledged for too long. */
  async #claim(stream: string): Promise<void> {
    const { group, consumer, claimAfterMs } = this.#options;
    for (let cursor = '0-0'; this.#hasRoom(); ) {
      const [next, entries] = (await inTime(
        this.#writer.xautoclaim(stream, group, consumer, claimAfterMs, cursor, 'COUNT', READ_COUNT),
      )) as [string, RawEntry[]];
      this.#handAll(stream, entries);
      if (next === '0-0') return;
      cursor = next;
    }
  }

  #hasRoom(): boolean {
    return this.#isReading && this.#open.size < MAX_OPEN;
  }

  #handAll(stream: string, entries: readonly RawEntry[]): void {
    const receivedAtMs = Date.now();
    for (const [id, fields] of entries) {
      const key = `${stream}\n${id}`;
      // Its own, delivered again while it waits.
      if (this.#open.has(key) || this.#acknowledged.get(stream)?.has(id)) continue;
      this.#open.add(key);
      const onSettled: OnSettled = isTaken => {
        this.#open.delete(key);
        if (isTaken) this.#acknowledgeSoon(stream, id);
        this.#wake();
      };
      // Deleted since it was read: there is nothing left to deliver.
      if (fields === null) onSettled(true);
      else this.#onEntry({ stream, id, fields, receivedAtMs }, onSettled);
    }
  }

  #acknowledgeSoon(stream: string, id: string): void {
    const ids = this.#acknowledged.get(stream) ?? new Set();
    this.#acknowledged.set(stream, ids.add(id));
    if (ids.size === 1) setImmediate(() => this.#acknowledgeNow());
  }

  async #acknowledgeNow(): Promise<void> {
    try {
      await this.#acknowledge();
    } catch {
      // It is tried again in the next turn, and what is wrong is told there.
    }
  }

  async #acknowledge(): Promise<void> {
    for (const [stream, ids] of this.#acknowledged) {
      const sent = [...ids];
      if (sent.length === 0) continue;
      await inTime(this.#writer.xack(stream, this.#options.group, ...sent));
      for (const id of sent) ids.delete(id);
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #noteError(error: unknown): void {
    const text = sayError(error);
    if (text !== this.#error) this.#options.log.warn({ error: text }, 'Redis streams cannot be read');
    this.#error = text;
  }
}

/** Resolves when the connection can be used; rejects when it cannot be had now. */
async function whenReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  if (redis.status === 'wait' || redis.status === 'end') await redis.connect();
  else await once(redis, 'ready', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
}
