import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { TOPICS, type Topic } from '../shared/topics.ts';
import { type Log, sayError } from './log.ts';
import type { PlacedEvent } from './outbox/queue.ts';
import type { KeptLane, LaneChanges, OutboxStore } from './outbox/store.ts';
import { OtherVersion, OutboxDatabase } from './outbox-database.ts';

export interface OutboxFileOptions {
  /** Made when it is not there. */
  folder: string;
  /** Without what differs at each start: bridges of other ids have files of their own in the folder. */
  bridgeId: string;
  log: Log;
}

export interface OutboxFileStatus {
  path: string;
  /** Why it cannot be written, since when; null when it can. */
  error: { why: string; sinceMs: number } | null;
  /** The name under which a file that could not be read was put away, and when; null: none was. */
  setAside: { path: string; atMs: number } | null;
}

/** Far more batches than one start of a bridge can post. */
const NUMBERS_PER_START = 2 ** 32;
/** SQLite's primary result codes: https://sqlite.org/rescode.html */
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/**
 * What waits in a bridge, in a SQLite file of its own: Node has SQLite built in. The file is locked for as long as the
 * bridge lives, and no longer, however it ends.
 *
 * What goes wrong once it is open is told in `status`, and nothing throws: a write that fails is as if it had not been
 * tried, and a file that cannot be read is put away under another name and a new one begun.
 */
export class OutboxFile implements OutboxStore {
  generation = 0;
  firstNumber: number;
  readonly #log: Log;
  readonly #path: string;
  #open: OutboxDatabase | null = null;
  #error: OutboxFileStatus['error'] = null;
  #setAside: OutboxFileStatus['setAside'] = null;

  /** @throws Error of one line that begins with DATA_DIR when the folder cannot be had or another bridge has the file */
  constructor({ folder, bridgeId, log }: OutboxFileOptions, nowMs: number) {
    this.#log = log;
    this.#path = join(folder, `outbox-${bridgeId}.sqlite`);
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw new Error(`DATA_DIR: ${sayError(error)}`, { cause: error });
    }
    // By the clock, too, should the file not be writable.
    this.firstNumber = nowMs * 1_000;
    this.#begin();
  }

  status(): OutboxFileStatus {
    return { path: this.#path, error: this.#error, setAside: this.#setAside };
  }

  load(topic: Topic): KeptLane {
    return this.#reading(open => open.load(topic)) ?? NOTHING;
  }

  save(changes: readonly LaneChanges[]): boolean {
    if (!this.#open) return false;
    try {
      this.#open.save(changes);
      this.#error = null;
      return true;
    } catch (error) {
      if (isUnreadable(error)) this.#putAside(error);
      else this.#fail(error);
      return false;
    }
  }

  read(topic: Topic, from: number, to: number): PlacedEvent[] | null {
    return this.#reading(open => open.read(topic, from, to));
  }

  close(): void {
    this.#open?.close();
    this.#open = null;
  }

  #begin(): void {
    try {
      this.#open = new OutboxDatabase(this.#path);
      // Read first, so that what cannot be read is noticed before anything is made of it.
      for (const topic of TOPICS) this.#open.load(topic);
      this.firstNumber = Math.max(this.firstNumber, this.#open.firstNumber() + NUMBERS_PER_START);
      this.#open.setFirstNumber(this.firstNumber);
    } catch (error) {
      if (codeOf(error) === BUSY) {
        throw new Error(`DATA_DIR: another bridge of the same BRIDGE_ID has ${this.#path}`, { cause: error });
      }
      if (isUnreadable(error)) this.#putAside(error);
      else this.#fail(error);
    }
  }

  #reading<T>(read: (open: OutboxDatabase) => T): T | null {
    if (!this.#open) return null;
    try {
      return read(this.#open);
    } catch (error) {
      this.#putAside(error);
      return null;
    }
  }

  /** Whatever is wrong with it, somebody may still get something out of it. */
  #putAside(why: unknown): void {
    const nowMs = Date.now();
    const path = `${this.#path}.unreadable-${new Date(nowMs).toISOString().replaceAll(':', '-')}`;
    this.generation++;
    this.close();
    try {
      for (const suffix of ['', '-wal']) {
        if (existsSync(this.#path + suffix)) renameSync(this.#path + suffix, path + suffix);
      }
      this.#setAside = { path, atMs: nowMs };
      this.#log.error({ path, error: sayError(why) }, 'the outbox cannot be read: it is put away, and a new one begun');
      this.#open = new OutboxDatabase(this.#path);
      this.#open.setFirstNumber(this.firstNumber);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const why = sayError(error);
    if (this.#error?.why !== why) this.#log.error({ path: this.#path, error: why }, 'the outbox cannot be written');
    this.#error = { why, sinceMs: this.#error?.sinceMs ?? Date.now() };
  }
}

const NOTHING: KeptLane = { onDisk: null, drafts: [], rest: null };

/** Whether it is the file that is wrong, and not the disk. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof OtherVersion || error instanceof SyntaxError) return true;
  const code = codeOf(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** Without what SQLite adds to say more. */
function codeOf(error: unknown): number | null {
  const isCoded = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  return isCoded ? (error.errcode as number) & 0xff : null;
}
