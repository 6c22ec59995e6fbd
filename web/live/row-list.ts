import type { Entry } from './entry.ts';
import type { Group } from './groups.ts';
import type { Order } from './order.ts';
import type { Line } from './store.ts';

/** What is shown as one row; its entry is another object when it has changed. */
export interface Row {
  readonly entry: Entry;
}

/** How a line came in. */
export interface Addition {
  line: Line;
  /** Its group, for an event; `isNewest`: it is the newest firing there. */
  grouped: { group: Group; isFirst: boolean; isNewest: boolean } | null;
  /** Nothing may move, except that a row that is the oldest of all may come in below. */
  isFrozen: boolean;
  isInView(row: Row): boolean;
}

/** The rows of one view of a store, kept up to date line by line. Only what is to be shown is told to it. */
export interface RowList {
  readonly order: Order<Row>;
  add(addition: Addition): void;
  /** A line has left the store; `ended` is its group if that is over. Nothing may move when frozen. */
  remove(line: Line, ended: Group | null, isFrozen: boolean): void;
  /** All anew, of the lines (oldest first, groups as they are) that came in up to an arrival. */
  rebuild(lines: readonly Line[], until: number, groupOf: (line: Line) => Group | undefined): void;
}
