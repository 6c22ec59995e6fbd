/**
 * Rows one above the other, each at a numbered position that rises upwards. A row keeps its position while others come
 * in above or leave below, so that it need not be drawn again.
 */
export class Order<Row> {
  /** Lowest first. */
  rows: Row[] = [];
  /** Position of the lowest row; may be negative. */
  base = 0;

  /** The position above the topmost row. */
  get head(): number {
    return this.base + this.rows.length;
  }

  at(position: number): Row | undefined {
    return this.rows[position - this.base];
  }

  positionOf(row: Row): number | null {
    // What is looked for is mostly near the top.
    const index = this.rows.lastIndexOf(row);
    return index < 0 ? null : index + this.base;
  }

  /** Puts a row below all others. */
  addBelow(row: Row): void {
    this.rows.unshift(row);
    this.base--;
  }

  /** Puts a row at an index of `rows`; those above it rise by one. */
  insert(index: number, row: Row): void {
    this.rows.splice(index, 0, row);
  }

  /** Takes a row away; those below it rise by one, those above stay. @returns whether it was there */
  remove(row: Row): boolean {
    if (this.rows[0] === row) this.rows.shift();
    else {
      const index = this.rows.lastIndexOf(row);
      if (index < 0) return false;
      this.rows.splice(index, 1);
    }
    this.base++;
    return true;
  }

  /** Other rows in place of all; the topmost keeps its position's number. */
  replace(rows: Row[]): void {
    this.base = this.head - rows.length;
    this.rows = rows;
  }
}
