/**
 * The tickets that were shown to a hub and have not expired by its own clock, in storage: sleep does not make a ticket
 * good again.
 */
export class UsedTickets {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS used_tickets (jti TEXT PRIMARY KEY, expires_at_ms INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS used_tickets_by_expiry ON used_tickets (expires_at_ms);
    `);
  }

  /** Uses a ticket up. @returns whether it was still good */
  use(jti: string, expiresAtMs: number, nowMs: number): boolean {
    this.#sql.exec('DELETE FROM used_tickets WHERE expires_at_ms <= ?', nowMs);
    if (expiresAtMs <= nowMs) return false;
    const sql = 'INSERT OR IGNORE INTO used_tickets (jti, expires_at_ms) VALUES (?, ?) RETURNING jti';
    return this.#sql.exec(sql, jti, expiresAtMs).toArray().length > 0;
  }

  /** Until when one of them would be good if it were forgotten; 0 = there is none. */
  get untilMs(): number {
    return this.#sql.exec<{ ms: number | null }>('SELECT max(expires_at_ms) AS ms FROM used_tickets').one().ms ?? 0;
  }
}
