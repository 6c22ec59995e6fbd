import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Topic } from '../shared/topics.ts';
import type { PlacedEvent } from './outbox/queue.ts';
import type { KeptLane, LaneChanges, OnDisk } from './outbox/store.ts';

/** An earlier start may just be ending. */
const LOCK_TIMEOUT_MS = 1_000;
/** Rows of one read, and the bytes of their events after which it ends. */
const READ_EVENTS = 500;
const READ_BYTES = 1024 * 1024;
/** An emptied file of more pages is made small again. */
const MAX_EMPTY_PAGES = 256;
/** Of the tables below. */
const VERSION = 1;
const TABLES = `
  CREATE TABLE start (only INTEGER PRIMARY KEY CHECK (only = 1), first_number INTEGER NOT NULL);
  CREATE TABLE lanes (topic TEXT PRIMARY KEY, drafts TEXT NOT NULL, rest TEXT);
  CREATE TABLE events (topic TEXT NOT NULL, place INTEGER NOT NULL, received_at_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL, channel TEXT NOT NULL, json TEXT NOT NULL);
  CREATE INDEX events_in_order ON events (topic, place, received_at_ms, bytes);
  PRAGMA user_version = ${VERSION};
`;

/** The outbox's SQLite file, open and locked; all throws what SQLite throws. */
export class OutboxDatabase {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #trim: StatementSync;
  readonly #keep: StatementSync;
  readonly #select: StatementSync;

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS });
    try {
      // In this order the lock is one of the file alone, and holds until it is closed.
      this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      this.#db.exec('PRAGMA journal_size_limit = 16777216');
      this.#inTransaction(() => this.#prepareTables());
      this.#insert = this.#db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)');
      this.#trim = this.#db.prepare('DELETE FROM events WHERE topic = ? AND place < ?');
      this.#keep = this.#db.prepare(
        `INSERT INTO lanes (topic, drafts, rest) VALUES (?1, coalesce(?2, '[]'), ?3)
         ON CONFLICT DO UPDATE SET drafts = coalesce(?2, drafts), rest = ?3`,
      );
      this.#select = this.#db.prepare(
        `SELECT place, received_at_ms, bytes, channel, json FROM events
         WHERE topic = ? AND place >= ? AND place < ? ORDER BY place LIMIT ${READ_EVENTS}`,
      );
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  firstNumber(): number {
    return Number(this.#db.prepare('SELECT first_number FROM start').get()?.first_number ?? 0);
  }

  setFirstNumber(number: number): void {
    this.#db.prepare('INSERT INTO start VALUES (1, ?1) ON CONFLICT DO UPDATE SET first_number = ?1').run(number);
  }

  load(topic: Topic): KeptLane {
    const lane = this.#db.prepare('SELECT drafts, rest FROM lanes WHERE topic = ?').get(topic);
    const drafts = lane ? JSON.parse(String(lane.drafts)) : [];
    const rest = typeof lane?.rest === 'string' ? JSON.parse(lane.rest) : null;
    return { onDisk: this.#onDisk(topic), drafts, rest };
  }

  save(changes: readonly LaneChanges[]): void {
    this.#inTransaction(() => {
      for (const { topic, below, added, drafts, rest } of changes) {
        this.#trim.run(topic, below);
        for (const { place, receivedAtMs, bytes, channel, json } of added) {
          this.#insert.run(topic, place, receivedAtMs, bytes, channel, json);
        }
        this.#keep.run(topic, drafts ? JSON.stringify(drafts) : null, rest && JSON.stringify(rest));
      }
    });
    if (changes.every(({ rest }) => rest === null)) this.#shrink();
  }

  read(topic: Topic, from: number, to: number): PlacedEvent[] {
    const events: PlacedEvent[] = [];
    let read = 0;
    for (const row of this.#select.iterate(topic, from, to)) {
      const bytes = Number(row.bytes);
      events.push({
        place: Number(row.place),
        receivedAtMs: Number(row.received_at_ms),
        bytes,
        channel: String(row.channel),
        json: String(row.json),
      });
      read += bytes;
      if (read >= READ_BYTES) break;
    }
    return events;
  }

  close(): void {
    try {
      this.#db.close();
    } catch {
      // What is committed is on disk, closed well or not.
    }
  }

  #prepareTables(): void {
    const { user_version: version } = this.#db.prepare('PRAGMA user_version').get()!;
    if (version === 0) this.#db.exec(TABLES);
    else if (version !== VERSION) throw new OtherVersion(`its version is ${version}, not ${VERSION}`);
  }

  #onDisk(topic: Topic): OnDisk | null {
    const row = this.#db
      .prepare(
        `SELECT count(*) AS events, sum(bytes) AS bytes, min(place) AS first, max(place) AS last,
           min(received_at_ms) AS oldest, max(received_at_ms) AS newest FROM events WHERE topic = ?`,
      )
      .get(topic)!;
    if (row.events === 0) return null;
    return {
      from: Number(row.first),
      to: Number(row.last) + 1,
      events: Number(row.events),
      bytes: Number(row.bytes),
      oldestMs: Number(row.oldest),
      newestMs: Number(row.newest),
    };
  }

  #inTransaction(act: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      act();
      this.#db.exec('COMMIT');
    } catch (error) {
      // SQLite may have rolled it back itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Gives back the room of what is gone. */
  #shrink(): void {
    const { page_count: pages } = this.#db.prepare('PRAGMA page_count').get()!;
    if (Number(pages) <= MAX_EMPTY_PAGES) return;
    try {
      this.#db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Then it stays as large as it is.
    }
  }
}

export class OtherVersion extends Error {}
