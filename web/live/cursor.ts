import type { PatternEntry } from './entry.ts';
import type { Rows } from './rows.ts';

/** The row that somebody points at with the keyboard or has clicked, wherever it goes. */
export class Cursor {
  readonly #rows: Rows;
  /** Of its row; null = nowhere. */
  key: string | null = null;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** null when there is none, or its row is gone. */
  get position(): number | null {
    return this.key === null ? null : this.#rows.positionOf(this.key);
  }

  /** null when it is on no pattern. */
  get entry(): PatternEntry | null {
    const { position } = this;
    const entry = position === null ? null : this.#rows.at(position)!.entry;
    return entry?.type === 'pattern' ? entry : null;
  }

  /**
   * Goes so many rows down, as far as there are any; without a cursor to the row at `first`, or the nearest to it.
   * @returns the position it goes to; null when there are no rows
   */
  move(down: number, first: number): number | null {
    const { head, low } = this.#rows;
    if (head === low) return null;
    const from = this.position;
    const to = Math.min(head - 1, Math.max(low, from === null ? first : from - down));
    this.key = this.#rows.at(to)!.entry.key;
    return to;
  }
}
