import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, Store } from '../../../web/live/store.ts';
import { EPOCH, pattern } from './support.ts';

function storeOf(capacity: number) {
  const told: string[] = [];
  const name = (line: Line) => (line.entry.type === 'note' ? line.entry.words : `${line.epoch}:${line.seq}`);
  const store = new Store({
    capacity,
    prefix: 'daily',
    changes: { added: line => told.push(`+${name(line)}`), removed: line => told.push(`-${name(line)}`) },
  });
  const lines = () => store.lines.map(name);
  const note = (seq: number, words: string, epoch = EPOCH) =>
    store.addNote(epoch, seq, { type: 'note', key: words, note: 'gap', words, atMs: 0 }, 1);
  return { store, told, lines, note };
}

describe('a store', () => {
  it('keeps events by their position, whatever order they come in', () => {
    const { store, lines } = storeOf(10);
    for (const seq of [5, 9, 7, 6]) store.add(EPOCH, pattern(seq), 1);
    expect(lines()).toEqual(['0:5', '0:6', '0:7', '0:9']);
    expect(store.oldest).toEqual({ epoch: EPOCH, seq: 5 });
  });

  it('keeps each position once', () => {
    const { store, told } = storeOf(10);
    expect(store.add(EPOCH, pattern(5), 1)).not.toBeNull();
    store.add(EPOCH, pattern(6), 1);
    expect(store.add(EPOCH, pattern(5), 2)).toBeNull();
    expect(told).toEqual(['+0:5', '+0:6']);
    expect(store.held).toBe(2);
  });

  it('knows a position again below a note that stands there', () => {
    const { store, note } = storeOf(10);
    store.add(EPOCH, pattern(5), 1);
    note(5, 'a');
    expect(store.add(EPOCH, pattern(5), 2)).toBeNull();
  });

  it('puts another incarnation of the tape above all of the one before', () => {
    const { store, lines } = storeOf(10);
    store.add(EPOCH, pattern(900), 1);
    store.add('e2', pattern(1), 1);
    store.add(EPOCH, pattern(901), 1);
    expect(lines()).toEqual(['0:900', '0:901', '1:1']);
  });

  it('lets the oldest go when it is full, and takes nothing that is older still', () => {
    const { store, told } = storeOf(2);
    store.add(EPOCH, pattern(5), 1);
    store.add(EPOCH, pattern(6), 1);
    expect(store.isFull).toBe(true);
    expect(store.add(EPOCH, pattern(4), 1)).toBeNull();
    store.add(EPOCH, pattern(8), 1);
    store.add(EPOCH, pattern(7), 1);
    expect(told).toEqual(['+0:5', '+0:6', '+0:8', '-0:5', '+0:7', '-0:6']);
    expect(store.held).toBe(2);
  });

  it('puts notes above the event of their position, the later ones above the earlier', () => {
    const { store, lines, note } = storeOf(10);
    store.add(EPOCH, pattern(6), 1);
    note(5, 'a');
    note(5, 'b');
    note(6, 'c');
    store.add(EPOCH, pattern(5), 1);
    expect(lines()).toEqual(['0:5', 'a', 'b', '0:6', 'c']);
    expect(store.held).toBe(2);
  });

  it('lets a note go with the event that it stands on', () => {
    const { store, lines, note } = storeOf(2);
    store.add(EPOCH, pattern(1), 1);
    note(1, 'a');
    store.add(EPOCH, pattern(2), 1);
    store.add(EPOCH, pattern(3), 1);
    expect(lines()).toEqual(['0:2', '0:3']);
    expect(store.oldest?.seq).toBe(2);
  });

  it('lets go of what is below a note when that is the oldest of all', () => {
    const { store, lines, note } = storeOf(1);
    note(1, 'a');
    expect(store.oldest).toBeNull();
    store.add(EPOCH, pattern(2), 1);
    store.add(EPOCH, pattern(3), 1);
    expect(lines()).toEqual(['0:3']);
  });

  it('keeps two hundred notes at most', () => {
    const { store, note } = storeOf(10);
    store.add(EPOCH, pattern(1), 1);
    for (let i = 0; i < 205; i++) note(1, `n${i}`);
    expect(store.lines.length).toBe(201);
    expect(store.lines[1]!.entry).toMatchObject({ words: 'n5' });
  });

  it('lets go of what is not wanted, and of notes that nothing stands below any more', () => {
    const { store, lines, note, told } = storeOf(10);
    for (const seq of [1, 2, 3]) store.add(EPOCH, pattern(seq, { symbol: seq === 2 ? 'NVDA' : 'AAPL' }), 1);
    note(1, 'a');
    note(2, 'b');
    told.length = 0;
    store.retain(({ symbol }) => symbol === 'NVDA');
    expect(lines()).toEqual(['0:2', 'b']);
    expect(told).toEqual(['-0:1', '-0:3', '-a']);
    expect(store.held).toBe(1);
    store.retain(() => true);
    expect(lines()).toEqual(['0:2', 'b']);
  });

  it('lets go of everything below a position', () => {
    const { store, lines } = storeOf(10);
    store.add('e0', pattern(99), 1);
    for (const seq of [1, 2, 3]) store.add(EPOCH, pattern(seq), 1);
    store.removeBelow(EPOCH, 2);
    expect(lines()).toEqual(['1:2', '1:3']);
  });

  it('names rows so that no two are the same, and dates them by detection', () => {
    const { store } = storeOf(10);
    const line = store.add(EPOCH, pattern(5, { detected_at: '2026-11-20T14:30:00.123Z' }), 7)!;
    expect(line.entry).toMatchObject({ key: 'daily-0-5', count: 1, change: 0, detectedAtMs: 1_795_185_000_123 });
    expect(line.arrival).toBe(7);
    expect(store.add('e2', pattern(5), 8)!.entry.key).toBe('daily-1-5');
  });

  it('holds the newest of whatever comes, in order, and tells every change', () => {
    const places = fc.array(fc.tuple(fc.constantFrom('e1', 'e2'), fc.integer({ min: 1, max: 30 })), { maxLength: 80 });
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 12 }), (all, capacity) => {
        const { store, told, lines } = storeOf(capacity);
        const epochs = [...new Set(all.map(([epoch]) => epoch))];
        let model: { epoch: number; seq: number }[] = [];
        for (const [name, seq] of all) {
          const epoch = epochs.indexOf(name);
          const known = model.some(at => at.epoch === epoch && at.seq === seq);
          const grown = known ? model : [...model, { epoch, seq }].sort((a, b) => a.epoch - b.epoch || a.seq - b.seq);
          model = grown.slice(-capacity);
          store.add(name, pattern(seq), 1);
          expect(lines()).toEqual(model.map(at => `${at.epoch}:${at.seq}`));
        }
        const left = new Set<string>();
        for (const change of told) change.startsWith('+') ? left.add(change.slice(1)) : left.delete(change.slice(1));
        expect([...left].sort()).toEqual(lines().sort());
      }),
    );
  });
});
