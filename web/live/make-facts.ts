import { thousandths } from '../../shared/filter.ts';
import type { ColumnFacts } from './facts.ts';
import { isSimulator } from './marks.ts';
import type { Rows } from './rows.ts';
import { type EventLine, isEvent } from './store.ts';

/** What only a look at everything that is kept can tell. */
export type Counted = Pick<ColumnFacts, 'shown' | 'medianConfidence' | 'isSimulated'>;

/** Counts over all that is kept; a column does so at most four times a second. */
export function countRows(rows: Rows): Counted {
  const byConfidence = new Uint32Array(1_001);
  let events = 0;
  let isSimulated = false;
  for (const line of rows.lines) {
    if (!isEvent(line)) continue;
    isSimulated ||= isSimulator(line.entry.event.source);
    if (line.hiddenBy !== '') continue;
    byConfidence[confidenceOf(line)]!++;
    events++;
  }
  return { shown: patternRows(rows), medianConfidence: median(byConfidence, events), isSimulated };
}

function patternRows(rows: Rows): number {
  let count = 0;
  for (let position = rows.low; position < rows.head; position++) {
    if (rows.at(position)!.entry.type === 'pattern') count++;
  }
  return count;
}

function confidenceOf({ entry }: EventLine): number {
  return Math.min(1_000, Math.max(0, thousandths(entry.event.confidence)));
}

/** The lower of the two in the middle of an even number. */
function median(counts: Uint32Array, total: number): number | null {
  let below = 0;
  for (let thousandth = 0; thousandth < counts.length; thousandth++) {
    below += counts[thousandth]!;
    if (below > 0 && below * 2 >= total) return thousandth / 1_000;
  }
  return null;
}

/** How many rows are related to the selection, and how many of them stand above a position. */
export function countRelated(
  rows: Rows,
  relates: (event: EventLine['entry']['event']) => boolean,
  highestInView: number,
): { count: number; above: number } {
  let count = 0;
  let above = 0;
  for (let position = rows.low; position < rows.head; position++) {
    const { entry } = rows.at(position)!;
    if (entry.type !== 'pattern' || !relates(entry.event)) continue;
    count++;
    if (position > highestInView) above++;
  }
  return { count, above };
}
