import type { Joined, TopicState } from './messages.ts';

/** What a replica must know again after it has slept. */
interface Stored {
  epoch: string;
  /** The last seq that live sessions were handed. */
  flushed: number;
  oldest: number;
  joining: string | null;
  isJoined: boolean;
}

const NEVER: Stored = { epoch: '', flushed: 0, oldest: 1, joining: null, isJoined: false };

/**
 * Whether a replica is part of its topic's tree, so that it is told everything, and up to where it has handed that on. Both
 * are stored: sessions live on while their object sleeps.
 */
export class Membership {
  readonly #sql: SqlStorage;
  readonly #join: (joining: string) => Promise<Joined>;
  readonly #onJoined: (joined: Joined) => void;
  readonly stored: Stored;
  /** Whether the topic's state is known since the object woke. */
  #isCurrent = false;
  #joining: Promise<void> | null = null;

  constructor(parts: {
    sql: SqlStorage;
    join: (joining: string) => Promise<Joined>;
    onJoined: (joined: Joined) => void;
  }) {
    this.#sql = parts.sql;
    this.#join = parts.join;
    this.#onJoined = parts.onJoined;
    this.#sql.exec(
      'CREATE TABLE IF NOT EXISTS membership (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL)',
    );
    const [row] = this.#sql.exec<{ json: string }>('SELECT json FROM membership');
    this.stored = { ...NEVER, ...(row && JSON.parse(row.json)) };
  }

  /**
   * Has the replica told everything, with all above it; asks for nothing while it is.
   * @throws when it cannot be reached
   */
  ensure(): Promise<void> {
    if (this.stored.isJoined && this.#isCurrent) return Promise.resolve();
    this.#joining ??= this.#enter().finally(() => {
      this.#joining = null;
    });
    return this.#joining;
  }

  /** Notes where sessions stand that get everything from there on: before one comes, and before they are handed more. */
  advance(state: Pick<TopicState, 'epoch' | 'oldest'> & { flushed: number }): void {
    Object.assign(this.stored, state);
    this.#store();
  }

  /**
   * It has nobody to tell any more, and need not be told either.
   * @returns the name of the joining that ends; null when it is not over, or there was none
   */
  leave(): string | null {
    if (this.#joining || this.stored.joining === null) return null;
    if (this.stored.isJoined) {
      this.stored.isJoined = false;
      this.#store();
    }
    return this.stored.joining;
  }

  async #enter(): Promise<void> {
    // Stored before it is told: the last one must be known even if the answer never comes.
    if (!this.stored.isJoined || this.stored.joining === null) {
      this.stored.joining = crypto.randomUUID();
      this.#store();
    }
    const joined = await this.#join(this.stored.joining);
    this.#onJoined(joined);
    this.stored.isJoined = true;
    this.#isCurrent = true;
    this.#store();
  }

  #store(): void {
    this.#sql.exec(
      'INSERT INTO membership (only, json) VALUES (1, ?1) ON CONFLICT DO UPDATE SET json = ?1',
      JSON.stringify(this.stored),
    );
  }
}
