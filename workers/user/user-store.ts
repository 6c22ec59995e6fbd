import type { UserItem } from '../../shared/user-data.ts';
import type { UserKind } from '../../shared/user-kinds.ts';
import { type Excess, type ItemChange, type KeptItem, UserItems } from '../core/user-items.ts';

/** All of a user: the items in the order in which they came. */
export interface UserState {
  /** Rises with every change, also over a time in which nothing was kept; 0 = nothing is kept now. */
  revision: number;
  items: UserItem[];
}

/** What a write has done; without changes there was nothing to do. */
export interface Written {
  revision: number;
  changes: UserItem[];
}

/** The user's items on disk. A user of whom nothing is kept has no table either. */
export class UserStore {
  readonly #storage: DurableObjectStorage;
  #items: UserItems;
  #revision: number;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    const hasTables = hasTable(storage.sql, 'items');
    this.#items = new UserItems(hasTables ? readItems(storage.sql) : []);
    this.#revision = hasTables ? readRevision(storage.sql) : 0;
  }

  get isEmpty(): boolean {
    return this.#items.size === 0;
  }

  get revision(): number {
    return this.#revision;
  }

  read(): UserState {
    return { revision: this.#revision, items: this.#items.all().map(toItem) };
  }

  /** Makes all of the changes, or none when they do not all fit. */
  write(changes: readonly UserItem[], nowMs: number): Written | { excess: Excess } {
    const planned = this.#items.plan(changes.map(toChange));
    if ('excess' in planned) return planned;
    if (planned.changes.length === 0) return { revision: this.#revision, changes: [] };
    // By the clock, so that a revision from before everything was deleted never comes again.
    const revision = Math.max(this.#revision + 1, nowMs);
    this.#storage.transactionSync(() => save(this.#storage.sql, planned.changes, revision));
    this.#items.apply(planned.changes);
    this.#revision = revision;
    return { revision, changes: planned.changes.map(toItem) };
  }

  /** Whether there is anything on disk, if only the revision. */
  get isOnDisk(): boolean {
    return this.#revision > 0;
  }

  /** Leaves nothing on disk. Only of a user of whom nothing is kept. */
  async deleteStorage(): Promise<void> {
    this.#items = new UserItems([]);
    this.#revision = 0;
    await this.#storage.deleteAll();
  }
}

export function hasTable(sql: SqlStorage, name: string): boolean {
  return sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', name).toArray().length > 0;
}

function readItems(sql: SqlStorage): KeptItem[] {
  return sql
    .exec<{ kind: UserKind; id: string; value: string }>('SELECT kind, id, value FROM items ORDER BY place')
    .toArray()
    .map(({ kind, id, value }) => ({ kind, id, text: value }));
}

function readRevision(sql: SqlStorage): number {
  return sql.exec<{ revision: number }>('SELECT revision FROM user_state').one().revision;
}

function save(sql: SqlStorage, changes: readonly ItemChange[], revision: number): void {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS items (
      place INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (kind, id)
    );
    CREATE TABLE IF NOT EXISTS user_state (only INTEGER PRIMARY KEY CHECK (only = 1), revision INTEGER NOT NULL);
  `);
  for (const { kind, id, text } of changes) {
    if (text === null) sql.exec('DELETE FROM items WHERE kind = ? AND id = ?', kind, id);
    else {
      sql.exec(
        `INSERT INTO items (kind, id, value) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value`,
        kind,
        id,
        text,
      );
    }
  }
  sql.exec('INSERT OR REPLACE INTO user_state (only, revision) VALUES (1, ?)', revision);
}

function toChange({ kind, id, value }: UserItem): ItemChange {
  return { kind, id, text: value === null ? null : JSON.stringify(value) };
}

function toItem({ kind, id, text }: ItemChange): UserItem {
  return { kind, id, value: text === null ? null : JSON.parse(text) };
}
