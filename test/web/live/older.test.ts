import { describe, expect, it } from 'vitest';
import type { PatternEvent } from '../../../shared/events.ts';
import { Older, type OlderPage } from '../../../web/live/older.ts';
import { Rows } from '../../../web/live/rows.ts';
import { EPOCH, pattern } from './support.ts';

function setUp({
  capacity = 100,
  wants = (_event: PatternEvent): boolean => true,
  epoch = EPOCH as string | null,
} = {}) {
  const rows = new Rows({ tier: 'daily', capacity, isInView: () => false });
  rows.setView('stream');
  const asked: number[] = [];
  const waiting: { resolve(page: OlderPage): void; reject(cause: unknown): void }[] = [];
  let changes = 0;
  const older = new Older({
    rows,
    load: ({ beforeSeq }) => {
      asked.push(beforeSeq);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    wants,
    epoch: () => epoch,
    now: () => 0,
    onChange: () => changes++,
  });
  return {
    rows,
    older,
    asked,
    changes: () => changes,
    add: (seq: number) => rows.add(EPOCH, pattern(seq), { isNews: true }),
    /** The page that was asked for last comes. */
    async come(seqs: number[], nextBeforeSeq: number | null): Promise<void> {
      waiting.pop()!.resolve({ events: seqs.map(seq => pattern(seq)), nextBeforeSeq });
      await Promise.resolve();
      await Promise.resolve();
    },
    async fail(cause: unknown): Promise<void> {
      waiting.pop()!.reject(cause);
      await Promise.resolve();
      await Promise.resolve();
    },
    seqs: () => rows.entries().flatMap(entry => (entry.type === 'pattern' ? [entry.event.seq] : [])),
    tail: () => rows.tail?.words ?? null,
  };
}

describe('older rows', () => {
  it('are fetched from below the oldest, one page at a time, until the tape ends', async () => {
    const t = setUp();
    t.add(50);
    t.older.reached();
    t.older.reached();
    expect(t.asked).toEqual([50]);
    expect(t.older.isLoading).toBe(true);
    expect(t.tail()).toBe('Loading older rows…');
    await t.come([49, 48], 48);
    expect(t.seqs()).toEqual([50, 49, 48]);
    expect(t.tail()).toBeNull();
    t.older.reached();
    await t.come([47], null);
    expect(t.asked).toEqual([50, 48]);
    expect(t.older.isAtEnd).toBe(true);
    expect(t.rows.tail).toMatchObject({ note: 'tape_end', words: 'The tape ends here: nothing older is kept' });
    t.older.reached();
    expect(t.asked.length).toBe(2);
    expect(t.changes()).toBeGreaterThan(0);
  });

  it('come in while rows are held, without a position of theirs changing', async () => {
    const t = setUp();
    t.add(50);
    t.rows.setFlow('held');
    const before = [t.rows.head, t.rows.positionOf('daily-0-50')];
    t.older.reached();
    await t.come([49], 49);
    expect(t.seqs()).toEqual([50, 49]);
    expect([t.rows.head, t.rows.positionOf('daily-0-50')]).toEqual(before);
  });

  it('that no subscription wants are left out, and looked for further on', async () => {
    const t = setUp({ wants: ({ seq }) => seq % 2 === 0 });
    t.add(50);
    t.older.reached();
    await t.come([49, 47], 47);
    t.older.reached();
    await t.come([46, 45], 45);
    expect(t.asked).toEqual([50, 47]);
    expect(t.seqs()).toEqual([50, 46]);
  });

  it('are looked for in five pages without any, then only when somebody scrolls on', async () => {
    const t = setUp({ wants: () => false });
    t.add(50);
    for (let page = 0; page < 5; page++) {
      t.older.reached();
      await t.come([49 - page], 49 - page);
    }
    t.older.reached();
    expect(t.asked.length).toBe(5);
    expect(t.tail()).toContain('Nothing older has matched so far');
    t.older.scrolled();
    t.older.reached();
    expect(t.asked).toEqual([50, 49, 48, 47, 46, 45]);
  });

  it('are not fetched in place of newer ones: it says so', async () => {
    const t = setUp({ capacity: 3 });
    t.add(50);
    t.older.reached();
    await t.come([49, 48, 47], 47);
    expect(t.seqs()).toEqual([50, 49, 48]);
    expect(t.tail()).toContain('3 rows are held here');
    t.older.reached();
    expect(t.asked.length).toBe(1);
    t.add(51);
    t.older.refreshTail();
    expect(t.seqs()).toEqual([51, 50, 49]);
    expect(t.tail()).toContain('older ones were let go');
  });

  it('end no more at the tape’s end once the newest have pushed it out', async () => {
    const t = setUp({ capacity: 2 });
    t.add(50);
    t.older.reached();
    await t.come([], null);
    expect(t.older.isAtEnd).toBe(true);
    t.add(51);
    t.older.refreshTail();
    expect(t.older.isAtEnd).toBe(false);
    expect(t.tail()).toContain('2 rows are held here');
  });

  it('that could not be loaded are tried again when somebody scrolls', async () => {
    const t = setUp();
    t.add(50);
    t.older.reached();
    await t.fail(new Error('HTTP 500'));
    expect(t.tail()).toContain('Older rows could not be loaded: HTTP 500');
    t.older.reached();
    expect(t.asked.length).toBe(1);
    t.older.scrolled();
    t.older.reached();
    await t.fail('odd');
    expect(t.tail()).toContain('odd');
  });

  it('of a tape that is gone cannot be had', () => {
    const t = setUp({ epoch: 'e2' });
    t.add(50);
    t.older.reached();
    expect(t.asked).toEqual([]);
    expect(t.older.isAtEnd).toBe(true);
  });

  it('are not looked for without any row', () => {
    const t = setUp();
    t.older.reached();
    expect(t.asked).toEqual([]);
    expect(t.older.isAtEnd).toBe(false);
    t.older.refreshTail();
    expect(t.tail()).toBeNull();
  });

  it('that were asked for before everything began anew are not wanted any more', async () => {
    const t = setUp();
    t.add(50);
    t.older.reached();
    t.older.restart();
    await t.come([49], null);
    expect(t.seqs()).toEqual([50]);
    expect(t.older.isAtEnd).toBe(false);
    t.older.reached();
    t.older.restart();
    await t.fail(new Error('late'));
    expect(t.tail()).toBeNull();
  });
});
