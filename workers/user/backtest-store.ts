import { BACKTEST_LIMITS, type BacktestState, hasEnded, isUnderWay } from '../../shared/backtests.ts';
import type { BacktestRequest } from '../../shared/requests/backtests.ts';
import { type KeptBacktest, newBacktest } from '../core/backtest-job.ts';
import { hasTable } from './user-store.ts';

/** What a user asks for. */
export interface BacktestWish {
  jobId: string;
  request: BacktestRequest;
  /** The client's own: what is asked for again under it is the same. */
  key: string | null;
}

/** The backtest, new or asked for before; or why there is none. */
export type Submitted =
  | { job: KeptBacktest; isNew: boolean }
  | { refused: 'other_request' | 'being_sent' | 'too_many_running' };

/** While one is being handed over, nobody else hands it over too; for no longer than that takes. */
const SENDING_MS = 15_000;

/** The user's backtests on disk. A user who has asked for none has no table either. */
export class BacktestStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get isEmpty(): boolean {
    return !this.isOnDisk || this.#sql.exec('SELECT 1 FROM backtests LIMIT 1').toArray().length === 0;
  }

  /** Whether there is anything on disk. */
  get isOnDisk(): boolean {
    return hasTable(this.#sql, 'backtests');
  }

  /** The newest first. */
  list(): KeptBacktest[] {
    if (!this.isOnDisk) return [];
    return this.#sql
      .exec<{ body: string }>('SELECT body FROM backtests ORDER BY number DESC')
      .toArray()
      .map(({ body }) => JSON.parse(body) as KeptBacktest);
  }

  find(jobId: string): KeptBacktest | null {
    if (!this.isOnDisk) return null;
    const [row] = this.#sql.exec<{ body: string }>('SELECT body FROM backtests WHERE job_id = ?', jobId);
    return row ? (JSON.parse(row.body) as KeptBacktest) : null;
  }

  /** Notes what a user asks for, to be handed over; what was handed over before is left as it is. */
  submit({ jobId, request, key }: BacktestWish, nowMs: number): Submitted & { removed?: string[] } {
    const before = key === null ? null : this.#findByKey(key);
    if (before) {
      if (before.request !== JSON.stringify(request)) return { refused: 'other_request' };
      if (before.job.state !== 'unsent') return { job: before.job, isNew: false };
      if (before.sending_until_ms > nowMs) return { refused: 'being_sent' };
    }
    const running = this.list().filter(({ state }) => isUnderWay(state)).length;
    if (running >= BACKTEST_LIMITS.max_running) return { refused: 'too_many_running' };
    if (before) {
      this.#setSending(before.job.job_id, nowMs + SENDING_MS);
      return { job: before.job, isNew: true };
    }
    const job = newBacktest(jobId, request, nowMs);
    this.#createTable();
    this.#sql.exec(
      'INSERT INTO backtests (job_id, key, request, state, sending_until_ms, body) VALUES (?, ?, ?, ?, ?, ?)',
      jobId,
      key,
      JSON.stringify(request),
      job.state,
      nowMs + SENDING_MS,
      JSON.stringify(job),
    );
    return { job, isNew: true, removed: this.#dropOldest() };
  }

  /** The handing over has failed, or is over. */
  stopSending(jobId: string): void {
    if (this.isOnDisk) this.#setSending(jobId, 0);
  }

  save(job: KeptBacktest): void {
    this.#sql.exec(
      'UPDATE backtests SET state = ?, body = ? WHERE job_id = ?',
      job.state,
      JSON.stringify(job),
      job.job_id,
    );
  }

  remove(jobId: string): void {
    this.#sql.exec('DELETE FROM backtests WHERE job_id = ?', jobId);
  }

  #findByKey(key: string): { job: KeptBacktest; request: string; sending_until_ms: number } | null {
    if (!this.isOnDisk) return null;
    const [row] = this.#sql.exec<{ body: string; request: string; sending_until_ms: number }>(
      'SELECT body, request, sending_until_ms FROM backtests WHERE key = ?',
      key,
    );
    return row ? { ...row, job: JSON.parse(row.body) as KeptBacktest } : null;
  }

  #setSending(jobId: string, untilMs: number): void {
    this.#sql.exec('UPDATE backtests SET sending_until_ms = ? WHERE job_id = ?', untilMs, jobId);
  }

  /** @returns the ids of those that had to go */
  #dropOldest(): string[] {
    const rows = this.#sql
      .exec<{ job_id: string; state: BacktestState }>('SELECT job_id, state FROM backtests ORDER BY number DESC')
      .toArray();
    const excess = rows.length - BACKTEST_LIMITS.max_jobs;
    const dropped = rows
      .filter(({ state }) => state === 'unsent' || hasEnded(state))
      .slice(1)
      .reverse()
      .slice(0, Math.max(0, excess))
      .map(({ job_id }) => job_id);
    for (const jobId of dropped) this.remove(jobId);
    return dropped;
  }

  #createTable(): void {
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS backtests (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        job_id TEXT NOT NULL UNIQUE,
        key TEXT UNIQUE,
        request TEXT NOT NULL,
        state TEXT NOT NULL,
        sending_until_ms INTEGER NOT NULL,
        body TEXT NOT NULL
      );
    `);
  }
}
