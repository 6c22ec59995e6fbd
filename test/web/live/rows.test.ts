import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NoteEntry } from '../../../web/live/entry.ts';
import type { View } from '../../../web/live/facts.ts';
import { type Flow, Rows } from '../../../web/live/rows.ts';
import { type Firing, RowsModel } from './rows-model.ts';
import { EPOCH, OPEN_MS, pattern } from './support.ts';

const CAPACITY = 10;

function rowsOf(capacity = CAPACITY, view: View = 'grouped'): Rows {
  const rows: Rows = new Rows({
    tier: 'daily',
    capacity,
    isInView: row => [1, 2, 3].some(back => rows.at(rows.head - back) === row),
  });
  rows.setView(view);
  return rows;
}

function add(rows: Rows, seq: number, symbol = 'AAPL', confidence = 0.7, isNews = true) {
  return rows.add(EPOCH, pattern(seq, { symbol, confidence }), { isNews });
}

function note(rows: Rows, seq: number, words: string): NoteEntry {
  const entry: NoteEntry = { type: 'note', key: words, note: 'gap', words, atMs: 0 };
  rows.addNote(EPOCH, seq, entry);
  return entry;
}

/** Top first: a note's words, or symbol, position and count. */
const told = (rows: Rows) =>
  rows
    .entries()
    .map(entry => (entry.type === 'note' ? entry.words : `${entry.event.symbol} ${entry.event.seq} ×${entry.count}`));

describe('the stream view', () => {
  it('shows each event and each note by where they stand on the tape', () => {
    const rows = rowsOf(CAPACITY, 'stream');
    add(rows, 1);
    add(rows, 2);
    note(rows, 1, 'gap');
    add(rows, 4, 'NVDA');
    add(rows, 3);
    expect(told(rows)).toEqual(['NVDA 4 ×1', 'AAPL 3 ×1', 'AAPL 2 ×1', 'gap', 'AAPL 1 ×1']);
  });

  it('lets the oldest go without moving what stands above', () => {
    const rows = rowsOf(2, 'stream');
    add(rows, 1);
    add(rows, 2);
    const before = rows.positionOf('daily-0-2');
    add(rows, 3);
    expect(told(rows)).toEqual(['AAPL 3 ×1', 'AAPL 2 ×1']);
    expect(rows.positionOf('daily-0-2')).toBe(before);
  });
});

describe('the grouped view', () => {
  it('renews the row of a pattern that fires again where it is, while it can be seen', () => {
    const rows = rowsOf();
    add(rows, 1, 'AAPL', 0.7);
    add(rows, 2, 'NVDA');
    add(rows, 3, 'AAPL', 0.745);
    expect(told(rows)).toEqual(['NVDA 2 ×1', 'AAPL 3 ×2']);
    expect(rows.entries()[1]).toMatchObject({ change: 45, firstAtMs: OPEN_MS + 1_000, detectedAtMs: OPEN_MS + 3_000 });
  });

  it('brings the row back to the top when it is out of sight', () => {
    const rows = rowsOf();
    for (const [seq, symbol] of ['AAPL', 'B', 'C', 'D'].entries()) add(rows, seq + 1, symbol);
    const { key } = rows.entries()[3]!;
    add(rows, 5, 'AAPL');
    expect(told(rows)).toEqual(['AAPL 5 ×2', 'D 4 ×1', 'C 3 ×1', 'B 2 ×1']);
    expect(rows.entries()[0]!.key).toBe(key);
  });

  it('tells patterns, timeframes and directions apart', () => {
    const rows = rowsOf();
    const changes = [
      {},
      { pattern_type: 'Doji' },
      { timeframe: '5min' },
      { direction: 'bullish' },
      { timeframe: null },
    ];
    for (const [i, change] of changes.entries()) rows.add(EPOCH, pattern(i + 1, change), { isNews: true });
    expect(rows.size).toBe(5);
  });

  it('counts firings that have left, as long as a newer one is there', () => {
    const rows = rowsOf(2);
    add(rows, 1, 'AAPL', 0.5);
    add(rows, 2, 'AAPL', 0.6);
    add(rows, 3, 'AAPL', 0.8);
    add(rows, 4, 'NVDA');
    expect(rows.entries().at(-1)).toMatchObject({ count: 3, change: 200, firstAtMs: OPEN_MS + 1_000 });
    add(rows, 5, 'NVDA');
    expect(told(rows)).toEqual(['NVDA 5 ×2']);
    add(rows, 6, 'AAPL');
    expect(told(rows)[0]).toBe('AAPL 6 ×1');
  });

  it('puts an older firing that comes in late into the count, not in the place of the newest', () => {
    const rows = rowsOf();
    add(rows, 5, 'AAPL', 0.9);
    add(rows, 3, 'AAPL', 0.8);
    expect(rows.entries()).toMatchObject([{ count: 2, change: 100, event: { seq: 5 }, firstAtMs: OPEN_MS + 3_000 }]);
  });

  it('keeps notes among rows, and lets them go with what they stand on', () => {
    const rows = rowsOf(2);
    add(rows, 1, 'AAPL');
    note(rows, 1, 'gap');
    add(rows, 2, 'NVDA');
    expect(told(rows)).toEqual(['NVDA 2 ×1', 'gap', 'AAPL 1 ×1']);
    add(rows, 3, 'TSLA');
    expect(told(rows)).toEqual(['TSLA 3 ×1', 'NVDA 2 ×1']);
  });
});

describe('the top view', () => {
  it('ranks by confidence, and of two alike the newer first, when it is told to', () => {
    const rows = rowsOf(CAPACITY, 'top');
    add(rows, 1, 'A', 0.7);
    add(rows, 2, 'B', 0.9);
    expect(told(rows)).toEqual([]);
    rows.reorder();
    expect(told(rows)).toEqual(['B 2 ×1', 'A 1 ×1']);
    add(rows, 3, 'C', 0.9);
    note(rows, 3, 'gap');
    rows.reorder();
    expect(told(rows)).toEqual(['C 3 ×1', 'B 2 ×1', 'A 1 ×1']);
  });

  it('ranks a pattern below one of half its confidence that is more than a half-life newer', () => {
    const rows = new Rows({ tier: 'intraday', capacity: 10, isInView: () => false });
    rows.setView('top');
    add(rows, 1, 'OLD', 0.8);
    add(rows, 1 + 599, 'SOON', 0.4);
    rows.reorder();
    expect(told(rows)[0]).toBe('OLD 1 ×1');
    add(rows, 1 + 601, 'LATER', 0.4);
    rows.reorder();
    expect(told(rows)).toEqual(['LATER 602 ×1', 'OLD 1 ×1', 'SOON 600 ×1']);
  });

  it('lets a row go with the last of its firings, and ranks it no more', () => {
    const rows = rowsOf(2, 'top');
    add(rows, 1, 'A', 0.9);
    rows.reorder();
    add(rows, 2, 'B', 0.8);
    add(rows, 3, 'B', 0.8);
    expect(told(rows)).toEqual([]);
    add(rows, 4, 'C', 0.8);
    add(rows, 5, 'C', 0.8);
    rows.reorder();
    expect(told(rows)).toEqual(['C 5 ×2']);
    rows.setFlow('held');
    add(rows, 6, 'D', 0.8);
    add(rows, 7, 'D', 0.8);
    expect(told(rows)).toEqual(['C 5 ×2']);
  });

  it('does not move a row while it is held, and renews it where it is', () => {
    const rows = rowsOf(CAPACITY, 'top');
    add(rows, 1, 'A', 0.7);
    add(rows, 2, 'B', 0.9);
    rows.reorder();
    rows.setFlow('held');
    add(rows, 3, 'A', 0.99);
    rows.reorder();
    expect(told(rows)).toEqual(['B 2 ×1', 'A 3 ×2']);
    rows.setFlow('following');
    expect(told(rows)).toEqual(['A 3 ×2', 'B 2 ×1']);
  });
});

describe('held rows', () => {
  it('stand still while others come in and leave, and are shown in order afterwards', () => {
    const rows = rowsOf(3, 'stream');
    for (const seq of [1, 2, 3]) add(rows, seq);
    rows.setFlow('held');
    const { head, low } = rows;
    for (const seq of [5, 6, 4, 7]) add(rows, seq, 'NVDA', seq === 5 ? 0.9 : 0.899);
    note(rows, 7, 'gap');
    expect(told(rows)).toEqual(['AAPL 3 ×1', 'AAPL 2 ×1', 'AAPL 1 ×1']);
    expect([rows.head, rows.low]).toEqual([head, low]);
    expect(rows.news).toEqual({ count: 4, strong: 1 });
    rows.setFlow('following');
    expect(told(rows)).toEqual(['gap', 'NVDA 7 ×1', 'NVDA 6 ×1', 'NVDA 5 ×1']);
    expect(rows.news).toEqual({ count: 0, strong: 0 });
  });

  it('take older ones in below', () => {
    for (const view of ['stream', 'grouped'] as const) {
      const rows = rowsOf(CAPACITY, view);
      add(rows, 5, 'AAPL');
      rows.setFlow('held');
      const { head } = rows;
      add(rows, 4, 'B', 0.7, false);
      add(rows, 3, 'C', 0.7, false);
      expect(told(rows)).toEqual(['AAPL 5 ×1', 'B 4 ×1', 'C 3 ×1']);
      expect(rows.head).toBe(head);
      expect(rows.news.count).toBe(0);
    }
  });

  it('show a pattern that fires again in its row', () => {
    const rows = rowsOf();
    for (const [i, symbol] of ['AAPL', 'B', 'C', 'D'].entries()) add(rows, i + 1, symbol);
    rows.setFlow('held');
    add(rows, 5, 'AAPL');
    expect(told(rows)).toEqual(['D 4 ×1', 'C 3 ×1', 'B 2 ×1', 'AAPL 5 ×2']);
    rows.setFlow('following');
    expect(told(rows)[0]).toBe('AAPL 5 ×2');
  });

  it('are filtered all the same when somebody asks for that, without what came in since', () => {
    const rows = rowsOf(CAPACITY, 'stream');
    for (const [i, symbol] of ['AAPL', 'B', 'C'].entries()) add(rows, i + 1, symbol);
    rows.setFlow('held');
    add(rows, 4, 'B', 0.95);
    add(rows, 5, 'D', 0.95);
    expect(rows.setHider(({ symbol }) => (symbol === 'B' ? 'muted' : ''))).toBe(true);
    expect(told(rows)).toEqual(['C 3 ×1', 'AAPL 1 ×1']);
    expect(rows.news).toEqual({ count: 1, strong: 1 });
    rows.setView('grouped');
    expect(told(rows)).toEqual(['C 3 ×1', 'AAPL 1 ×1']);
  });
});

describe('paused rows', () => {
  it('do not change at all, not even what they say', () => {
    const rows = rowsOf();
    add(rows, 1, 'AAPL');
    rows.setFlow('paused');
    const before = rows.entries();
    add(rows, 2, 'AAPL');
    add(rows, 3, 'B');
    expect(rows.entries()).toEqual(before);
    expect(rows.entries().every((entry, i) => entry === before[i])).toBe(true);
    expect(rows.news.count).toBe(2);
    rows.setFlow('held');
    expect(told(rows)).toEqual(['AAPL 2 ×2']);
    rows.setFlow('following');
    expect(told(rows)).toEqual(['B 3 ×1', 'AAPL 2 ×2']);
  });

  it('change when somebody changes what is shown', () => {
    const rows = rowsOf();
    add(rows, 1, 'AAPL');
    add(rows, 2, 'B');
    rows.setFlow('paused');
    add(rows, 3, 'C');
    rows.setHider(({ symbol }) => (symbol === 'B' ? 'local' : ''));
    expect(told(rows)).toEqual(['AAPL 1 ×1']);
    add(rows, 4, 'D', 0.7, false);
    rows.refresh();
    expect(told(rows)).toEqual(['D 4 ×1', 'AAPL 1 ×1']);
  });
});

describe('what is hidden', () => {
  it('is counted by reason, as it comes, goes and is hidden anew', () => {
    const rows = rowsOf(3);
    rows.setHider(({ symbol }) => (symbol === 'B' ? 'muted' : symbol === 'C' ? 'local' : ''));
    for (const [i, symbol] of ['B', 'B', 'C'].entries()) add(rows, i + 1, symbol);
    expect(rows.hidden).toEqual({ '': 0, local: 1, muted: 2, unrelated: 0 });
    add(rows, 4, 'AAPL');
    expect(rows.hidden).toEqual({ '': 1, local: 1, muted: 1, unrelated: 0 });
    expect(told(rows)).toEqual(['AAPL 4 ×1']);
    expect(rows.setHider(() => '')).toBe(true);
    expect(rows.hidden).toEqual({ '': 3, local: 0, muted: 0, unrelated: 0 });
    expect(rows.setHider(() => '')).toBe(false);
  });

  it('keeps the key of a row that stays, and its count', () => {
    const rows = rowsOf(2);
    add(rows, 1, 'AAPL');
    add(rows, 2, 'AAPL');
    add(rows, 3, 'AAPL');
    const [before] = rows.entries();
    rows.setHider(({ seq }) => (seq === 2 ? 'local' : ''));
    expect(rows.entries()).toMatchObject([{ key: before!.key, count: 2 }]);
  });
});

describe('the end of the rows', () => {
  const tail: NoteEntry = { type: 'note', key: 'tail', note: 'tape_end', words: 'end', atMs: 0 };

  it('stands below all others whatever comes and goes', () => {
    const rows = rowsOf(2, 'stream');
    rows.setTail(tail);
    expect(rows.tail).toBe(tail);
    for (const seq of [1, 2, 3]) add(rows, seq);
    expect(told(rows)).toEqual(['AAPL 3 ×1', 'AAPL 2 ×1', 'end']);
    expect(rows.positionOf('tail')).toBe(rows.low);
    expect(rows.at(rows.low)?.entry).toBe(tail);
    expect(rows.size).toBe(3);
    rows.setTail(null);
    expect(rows.positionOf('tail')).toBeNull();
    expect(rows.size).toBe(2);
  });
});

describe('rows', () => {
  it('know the key of the row that shows an event', () => {
    const rows = rowsOf();
    add(rows, 1);
    const line = add(rows, 2)!;
    expect(rows.keyOf(line)).toBe(rows.entries()[0]!.key);
    rows.setView('stream');
    expect(rows.keyOf(line)).toBe('daily-0-2');
    rows.setHider(() => 'local');
    rows.setView('grouped');
    expect(rows.keyOf(line)).toBe('daily-0-2');
  });

  it('hold on to nothing that has left', () => {
    const rows = rowsOf(3, 'stream');
    for (const seq of [1, 2, 3]) add(rows, seq);
    rows.setView('grouped');
    rows.removeBelow(EPOCH, 3);
    expect(told(rows)).toEqual(['AAPL 3 ×1']);
    expect(rows.held).toBe(1);
    expect(rows.oldest).toEqual({ epoch: EPOCH, seq: 3 });
  });
});

const kinds = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F');
const confidences = fc.integer({ min: 500, max: 990 }).map(n => n / 1_000);
const steps = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(fc.constant('next'), kinds, confidences) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('late'), fc.integer({ min: 1, max: 8 }), kinds, confidences) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('older'), kinds, confidences) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('flow'), fc.constantFrom<Flow>('following', 'held', 'paused')) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('view'), fc.constantFrom<View>('stream', 'grouped', 'top')) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('hide'), fc.option(kinds), fc.constantFrom(0, 0.6, 0.8)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('retain'), kinds) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('reorder')) },
) as fc.Arbitrary<[string, ...(string | number | null)[]]>;

describe('rows against a model that starts from scratch at every step', () => {
  it('show the same rows in the same order, with the same counts', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), all => {
        const rows = rowsOf();
        const model = new RowsModel(CAPACITY);
        let seq = 100;
        let oldest = 100;
        let still: unknown[] = [];
        let asked = 0;
        for (const [step, a, b, c] of all) {
          const firing = (at: number, kind: unknown, confidence: unknown, isNews: boolean) => {
            add(rows, at, kind as string, confidence as number, isNews);
            model.add(at, kind as string, confidence as number, isNews);
          };
          if (step === 'next') firing(++seq, a, b, true);
          if (step === 'late') firing(seq - (a as number), b, c, true);
          if (step === 'older') firing(--oldest, a, b, false);
          if (step === 'flow') {
            rows.setFlow(a as Flow);
            model.setFlow(a as Flow);
          }
          if (step === 'view') {
            rows.setView(a as View);
            model.setView(a as View);
          }
          if (step === 'hide') {
            const hides = ({ kind, confidence }: Pick<Firing, 'kind' | 'confidence'>) =>
              kind === a || confidence < (b as number);
            rows.setHider(({ symbol, confidence }) => (hides({ kind: symbol, confidence }) ? 'local' : ''));
            model.hide(hides);
          }
          if (step === 'retain') {
            rows.retain(({ symbol }) => symbol !== a);
            model.retain(({ kind }) => kind !== a);
          }
          if (step === 'reorder') {
            rows.reorder();
            model.reorder();
          }
          if (rows.flow === 'paused' && model.asked === asked) expect(rows.entries()).toEqual(still);
          else check(rows, model);
          still = rows.entries();
          asked = model.asked;
        }
      }),
      { numRuns: 400 },
    );
  });
});

function check(rows: Rows, model: RowsModel): void {
  const patterns = rows.entries().flatMap(entry => (entry.type === 'pattern' ? [entry] : []));
  expect(patterns.map(({ event }) => event.symbol)).toEqual(model.rows().map(({ kind }) => kind));
  expect(rows.held).toBe(model.kept.length);
  expect(rows.hidden['']).toBe(model.shown().length);
  expect(rows.hidden.local).toBe(model.kept.length - model.shown().length);
  if (model.flow !== 'following') expect(rows.news).toEqual(model.news);
  for (const { key } of patterns) expect(rows.at(rows.positionOf(key)!)?.entry.key).toBe(key);
  expect(new Set(patterns.map(({ key }) => key)).size).toBe(patterns.length);
  if (model.flow === 'paused') return;
  if (model.view === 'stream') {
    expect(patterns.map(({ event }) => event.seq)).toEqual(model.rows().map(({ seq }) => seq));
    return;
  }
  for (const entry of patterns) {
    const wanted = model.entry(entry.event.symbol);
    // A held row outlives the last of its firings that are kept.
    if (!wanted || (model.flow === 'held' && entry.event.seq < wanted.seq)) continue;
    expect({
      seq: entry.event.seq,
      count: entry.count,
      change: entry.change,
      firstSeq: (entry.firstAtMs - OPEN_MS) / 1_000,
    }).toEqual(wanted);
  }
}
