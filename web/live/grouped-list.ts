import type { Group } from './groups.ts';
import { Order } from './order.ts';
import type { Addition, Row, RowList } from './row-list.ts';
import { compareLines, type Line } from './store.ts';

/**
 * One row for all firings of the same thing, by the newest of them. A firing renews its row where that is, as long as it
 * can be seen there or nothing may move; a row out of sight comes back to the top, where whoever follows learns of it.
 */
export class GroupedList implements RowList {
  readonly order = new Order<Row>();

  add({ line, grouped, isFrozen, isInView }: Addition): void {
    if (grouped && !grouped.isFirst) {
      const { group, isNewest } = grouped;
      if (isFrozen || !isNewest || isInView(group)) return;
      this.order.remove(group);
      this.#insert(group, line);
      return;
    }
    const row = grouped?.group ?? line;
    const lowest = this.order.rows[0];
    if (lowest && compareLines(line, placeOf(lowest)) < 0) {
      if (!isFrozen || line.arrival === 0) this.order.addBelow(row);
    } else if (!isFrozen) {
      this.#insert(row, line);
    }
  }

  remove(line: Line, ended: Group | null, isFrozen: boolean): void {
    if (isFrozen) return;
    if (ended) this.order.remove(ended);
    else if (line.entry.type === 'note') this.order.remove(line);
  }

  rebuild(lines: readonly Line[], until: number, groupOf: (line: Line) => Group | undefined): void {
    const rows: Row[] = [];
    const seen = new Set<Row>();
    for (let i = lines.length - 1; i >= 0; i--) {
      const line = lines[i]!;
      const row = groupOf(line) ?? line;
      if (line.arrival > until || seen.has(row)) continue;
      seen.add(row);
      rows.push(row);
    }
    this.order.replace(rows.reverse());
  }

  /** Above everything that is older, looking from the top, where it nearly always belongs. */
  #insert(row: Row, line: Line): void {
    const { rows } = this.order;
    let index = rows.length;
    while (index > 0 && compareLines(placeOf(rows[index - 1]!), line) > 0) index--;
    this.order.insert(index, row);
  }
}

/** Where a row stands on the tape: a group by its newest firing. */
function placeOf(row: Row): Pick<Line, 'epoch' | 'seq'> {
  return 'newest' in row ? (row as Group).newest : (row as Line);
}
