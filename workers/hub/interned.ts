/**
 * Texts that many rows share, each kept once under a number that rows hold in its place. Of more than `most` the oldest
 * are forgotten, and their numbers then stand for nothing: none is used again.
 */
export class Interned {
  readonly #sql: SqlStorage;
  readonly #table: string;
  readonly #most: number;
  readonly #numbers = new Map<string, number>();

  constructor(sql: SqlStorage, table: string, most: number) {
    this.#sql = sql;
    this.#table = table;
    this.#most = most;
    sql.exec(`CREATE TABLE IF NOT EXISTS ${table} (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)`);
  }

  /** Forgets what it holds in memory, after a transaction that was rolled back. */
  reload(): void {
    this.#numbers.clear();
  }

  numberOf(text: string): number {
    const held = this.#numbers.get(text);
    if (held !== undefined) return held;
    const number = this.#find(text) ?? this.#add(text);
    if (this.#numbers.size >= HELD_IN_MEMORY) this.#numbers.clear();
    this.#numbers.set(text, number);
    return number;
  }

  /** null = no row has held this number, or it is forgotten. */
  textOf(number: number): string | null {
    const [row] = this.#sql.exec<{ text: string }>(`SELECT text FROM ${this.#table} WHERE number = ?`, number);
    return row?.text ?? null;
  }

  #find(text: string): number | undefined {
    const [row] = this.#sql.exec<{ number: number }>(`SELECT number FROM ${this.#table} WHERE text = ?`, text);
    return row?.number;
  }

  #add(text: string): number {
    const query = `INSERT INTO ${this.#table} (text) VALUES (?) RETURNING number`;
    const { number } = this.#sql.exec<{ number: number }>(query, text).one();
    this.#sql.exec(`DELETE FROM ${this.#table} WHERE number <= ?`, number - this.#most);
    this.#numbers.clear();
    return number;
  }
}

const HELD_IN_MEMORY = 100;
