import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../web/live/cursor.ts';
import { Rows } from '../../../web/live/rows.ts';
import { EPOCH, pattern } from './support.ts';

function setUp(seqs: number[]) {
  const rows = new Rows({ tier: 'daily', capacity: 3, isInView: () => false });
  rows.setView('stream');
  for (const seq of seqs) rows.add(EPOCH, pattern(seq), { isNews: true });
  return { rows, cursor: new Cursor(rows) };
}

describe('a cursor', () => {
  it('starts at the first row in view, and goes down and up as far as there are rows', () => {
    const { cursor } = setUp([1, 2, 3]);
    const went = [1, 1, 1, 5, -1, -9].map(down => {
      cursor.move(down, 2);
      return cursor.entry?.event.seq;
    });
    expect(went).toEqual([3, 2, 1, 1, 2, 3]);
  });

  it('has nowhere to go without rows', () => {
    const { cursor } = setUp([]);
    expect(cursor.move(1, 0)).toBeNull();
    expect(cursor.entry).toBeNull();
  });

  it('stays with its row when others come in above, and is nowhere when that is gone', () => {
    const { rows, cursor } = setUp([1, 2]);
    cursor.key = 'daily-0-1';
    rows.add(EPOCH, pattern(3), { isNews: true });
    expect(cursor.entry?.event.seq).toBe(1);
    rows.add(EPOCH, pattern(4), { isNews: true });
    expect(cursor.position).toBeNull();
    expect(cursor.entry).toBeNull();
    expect(cursor.move(1, 99)).toBe(rows.head - 1);
  });

  it('can be on a note, which is no pattern', () => {
    const { rows, cursor } = setUp([1]);
    rows.setTail({ type: 'note', key: 'tail', note: 'tape_end', words: '', atMs: 0 });
    cursor.key = 'tail';
    expect(cursor.position).toBe(rows.low);
    expect(cursor.entry).toBeNull();
  });
});
