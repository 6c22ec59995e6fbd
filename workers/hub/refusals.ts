import type { IngestCounts, Reject } from '../../shared/ingest-protocol.ts';
import { minuteOf, REJECT_MINUTES, type RejectMinute } from '../core/reject-rates.ts';

/** Rejects kept with their samples; all are counted. */
const KEEP_REJECTS = 200;
/** Kinds told apart, over all channels. */
const MAX_KINDS = 500;
const OTHER_KINDS = 'other';

/** What the bridge could not read or has no topic for: the newest rejects, and counts by channel. Only on `system`. */
export class Refusals {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS rejects (
        number INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, reason TEXT NOT NULL, sample TEXT NOT NULL, at TEXT NOT NULL
      );
      CREATE TABLE IF NOT EXISTS reject_counts (
        channel TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (channel, reason)
      );
      CREATE TABLE IF NOT EXISTS reject_minutes (
        minute INTEGER NOT NULL, channel TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (minute, channel, reason)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS not_routed_counts (
        channel TEXT NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (channel, kind)
      );
    `);
  }

  take(rejects: readonly Reject[], counts: IngestCounts | undefined, nowMs: number): void {
    for (const { channel, reason, sample, at } of rejects) {
      this.#sql.exec(
        'INSERT INTO rejects (channel, reason, sample, at) VALUES (?, ?, ?, ?)',
        channel,
        reason,
        sample,
        at,
      );
    }
    if (rejects.length > 0) {
      this.#sql.exec('DELETE FROM rejects WHERE number <= (SELECT max(number) FROM rejects) - ?', KEEP_REJECTS);
    }
    this.#countRejects([...rejects.map(reject => ({ ...reject, count: 1 })), ...(counts?.rejected ?? [])], nowMs);
    for (const { channel, kind, count } of counts?.not_routed ?? []) {
      this.#sql.exec(
        `INSERT INTO not_routed_counts (channel, kind, count) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET count = count + ?3`,
        channel,
        this.#boundedKind(channel, kind),
        count,
      );
    }
  }

  /** The newest rejects first, of one channel or reason if asked. */
  newest(query: { channel?: string | undefined; reason?: string | undefined; limit: number }): Reject[] {
    return this.#sql
      .exec<Reject & Record<string, SqlStorageValue>>(
        `SELECT channel, reason, sample, at FROM rejects
         WHERE (?1 IS NULL OR channel = ?1) AND (?2 IS NULL OR reason = ?2) ORDER BY number DESC LIMIT ?3`,
        query.channel ?? null,
        query.reason ?? null,
        query.limit,
      )
      .toArray();
  }

  rejectCounts(): { channel: string; reason: string; count: number }[] {
    return this.#sql
      .exec<{ channel: string; reason: string; count: number }>('SELECT * FROM reject_counts ORDER BY count DESC')
      .toArray();
  }

  /** Counts per minute, as far back as rates are reckoned from. */
  minutes(): RejectMinute[] {
    return this.#sql
      .exec<RejectMinute & Record<string, SqlStorageValue>>('SELECT minute, channel, reason, count FROM reject_minutes')
      .toArray();
  }

  notRoutedCounts(): { channel: string; kind: string; count: number }[] {
    return this.#sql
      .exec<{ channel: string; kind: string; count: number }>('SELECT * FROM not_routed_counts ORDER BY count DESC')
      .toArray();
  }

  /** A producer may name a kind anew in every message; past a number of them they are counted together. */
  #boundedKind(channel: string, kind: string): string {
    const { kinds, known } = this.#sql
      .exec<{ kinds: number; known: number | null }>(
        'SELECT count(*) AS kinds, max(channel = ? AND kind = ?) AS known FROM not_routed_counts',
        channel,
        kind,
      )
      .one();
    return known || kinds < MAX_KINDS ? kind : OTHER_KINDS;
  }

  #countRejects(counted: readonly { channel: string; reason: string; count: number }[], nowMs: number): void {
    if (counted.length === 0) return;
    const minute = minuteOf(nowMs);
    for (const { channel, reason, count } of together(counted)) {
      this.#sql.exec(
        `INSERT INTO reject_counts (channel, reason, count) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET count = count + ?3`,
        channel,
        reason,
        count,
      );
      this.#sql.exec(
        `INSERT INTO reject_minutes (minute, channel, reason, count) VALUES (?4, ?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET count = count + ?3`,
        channel,
        reason,
        count,
        minute,
      );
    }
    this.#sql.exec('DELETE FROM reject_minutes WHERE minute <= ?', minute - REJECT_MINUTES);
  }
}

/** One entry for each channel and reason: each costs a row. */
function together(counted: readonly { channel: string; reason: string; count: number }[]) {
  const sums = new Map<string, { channel: string; reason: string; count: number }>();
  for (const { channel, reason, count } of counted) {
    const key = `${channel}\n${reason}`;
    sums.set(key, { channel, reason, count: (sums.get(key)?.count ?? 0) + count });
  }
  return sums.values();
}
