import { Order } from './order.ts';
import type { Addition, Row, RowList } from './row-list.ts';
import { compareLines, type Line } from './store.ts';

/** Each event and each note as a row, by where they stand on the tape. */
export class StreamList implements RowList {
  readonly order = new Order<Row>();

  add({ line, isFrozen }: Addition): void {
    const rows = this.order.rows as Line[];
    const lowest = rows[0];
    if (lowest && compareLines(line, lowest) < 0) {
      if (!isFrozen || line.arrival === 0) this.order.addBelow(line);
      return;
    }
    if (isFrozen) return;
    let index = rows.length;
    while (index > 0 && stands(rows[index - 1]!, line) > 0) index--;
    this.order.insert(index, line);
  }

  remove(line: Line, _ended: unknown, isFrozen: boolean): void {
    if (!isFrozen) this.order.remove(line);
  }

  rebuild(lines: readonly Line[], until: number): void {
    this.order.replace(lines.filter(({ arrival }) => arrival <= until));
  }
}

/** Like `compareLines`, with an event below the notes of its own place. */
function stands(a: Line, b: Line): number {
  return compareLines(a, b) || Number(a.entry.type === 'note') - Number(b.entry.type === 'note');
}
