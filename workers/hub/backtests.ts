import type { BacktestEvent } from '../../shared/events.ts';
import type { BacktestDelivery } from '../core/backtest-job.ts';
import type { CoverageGap } from '../core/coverage.ts';

/** Whose a backtest is is known for so long after it was asked for. */
const KEEP_MS = 30 * 24 * 3_600_000;
/** One that has not ended by then is told of no more gaps. */
const UNDER_WAY_MS = 24 * 3_600_000;
/** What one call to a user's object carries at most. */
const MAX_DELIVERIES = 100;

/** What waits for one user, oldest first. */
export interface UserDeliveries {
  userId: string;
  /** By which `delivered` knows them. */
  numbers: number[];
  deliveries: BacktestDelivery[];
}

/**
 * Whose each backtest is, and what of it is on its way to that user's object. Only on `system`, whose bridges' batches
 * bring it: it is on disk here in the transaction in which its batch is, and stays until the user's object has it.
 */
export class Backtests {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS backtest_jobs (
        job_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, registered_at_ms INTEGER NOT NULL, has_ended INTEGER NOT NULL DEFAULT 0
      );
      CREATE TABLE IF NOT EXISTS backtest_deliveries (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        user_id TEXT NOT NULL,
        job_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL
      );
    `);
  }

  /** @returns whether the job is that user's; false = another has one of this id */
  register(jobId: string, userId: string, nowMs: number): boolean {
    this.#sql.exec(
      'INSERT OR IGNORE INTO backtest_jobs (job_id, user_id, registered_at_ms) VALUES (?, ?, ?)',
      jobId,
      userId,
      nowMs,
    );
    return this.#userOf(jobId) === userId;
  }

  take(event: BacktestEvent): 'taken' | 'duplicate' | 'unmatched' {
    const userId = this.#userOf(event.job_id);
    if (userId === null) return 'unmatched';
    const isNew = this.#put(userId, event, event.id);
    if (event.kind === 'backtest_result') {
      this.#sql.exec('UPDATE backtest_jobs SET has_ended = 1 WHERE job_id = ?', event.job_id);
    }
    return isNew ? 'taken' : 'duplicate';
  }

  /** Tells those whose backtest was under way in that time that more may have been said of it. */
  noteGap({ fromMs, toMs, reason }: CoverageGap): void {
    const jobs = this.#sql
      .exec<{ job_id: string; user_id: string }>(
        'SELECT job_id, user_id FROM backtest_jobs WHERE has_ended = 0 AND registered_at_ms < ? AND registered_at_ms > ?',
        toMs,
        fromMs - UNDER_WAY_MS,
      )
      .toArray();
    const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
    for (const { job_id, user_id } of jobs) {
      this.#put(user_id, { kind: 'gap', job_id, from, to, reason }, `gap ${job_id} ${from} ${to}`);
    }
  }

  /** What waits, by user: of each the oldest, and of the users those that have waited longest. */
  pending(maxUsers: number): UserDeliveries[] {
    return this.#sql
      .exec<{ user_id: string }>(
        'SELECT user_id FROM backtest_deliveries GROUP BY user_id ORDER BY min(number) LIMIT ?',
        maxUsers,
      )
      .toArray()
      .map(({ user_id: userId }) => {
        const rows = this.#sql
          .exec<{ number: number; body: string }>(
            'SELECT number, body FROM backtest_deliveries WHERE user_id = ? ORDER BY number LIMIT ?',
            userId,
            MAX_DELIVERIES,
          )
          .toArray();
        return {
          userId,
          numbers: rows.map(({ number }) => number),
          deliveries: rows.map(({ body }) => JSON.parse(body) as BacktestDelivery),
        };
      });
  }

  delivered(numbers: readonly number[]): void {
    for (const number of numbers) this.#sql.exec('DELETE FROM backtest_deliveries WHERE number = ?', number);
  }

  trim(nowMs: number): void {
    this.#sql.exec('DELETE FROM backtest_jobs WHERE registered_at_ms < ?', nowMs - KEEP_MS);
  }

  /** @returns whether it does not wait already */
  #put(userId: string, delivery: BacktestDelivery, id: string): boolean {
    const { rowsWritten } = this.#sql.exec(
      'INSERT OR IGNORE INTO backtest_deliveries (id, user_id, job_id, kind, body) VALUES (?, ?, ?, ?, ?)',
      id,
      userId,
      delivery.job_id,
      delivery.kind,
      JSON.stringify(delivery),
    );
    if (rowsWritten === 0) return false;
    // While a user's object cannot be reached, only the newest progress of a job waits for it.
    if (delivery.kind === 'backtest_progress') {
      this.#sql.exec(
        'DELETE FROM backtest_deliveries WHERE job_id = ? AND kind = ? AND id != ?',
        delivery.job_id,
        delivery.kind,
        id,
      );
    }
    return true;
  }

  #userOf(jobId: string): string | null {
    return (
      this.#sql.exec<{ user_id: string }>('SELECT user_id FROM backtest_jobs WHERE job_id = ?', jobId).toArray()[0]
        ?.user_id ?? null
    );
  }
}
