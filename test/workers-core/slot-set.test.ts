import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Bitmap,
  clearBit,
  DENSE_FROM,
  grownBitmap,
  hasBit,
  SlotSet,
  setBit,
} from '../../workers/core/slot-set.ts';

const WORDS = 8;
const SLOTS = WORDS * 32;

it('a bitmap holds each bit by itself, the last of a word too', () => {
  const bitmap: Bitmap = new Uint32Array(2);
  for (const slot of [0, 31, 32, 63]) setBit(bitmap, slot);
  expect(slotsIn(bitmap)).toEqual([0, 31, 32, 63]);
  clearBit(bitmap, 31);
  clearBit(bitmap, 32);
  expect(slotsIn(bitmap)).toEqual([0, 63]);
});

it('a bitmap keeps its bits when it grows', () => {
  const bitmap: Bitmap = new Uint32Array(1);
  setBit(bitmap, 31);
  const grown = grownBitmap(bitmap, 4);
  expect(grown).toHaveLength(4);
  expect(slotsIn(grown)).toEqual([31]);
});

it('is a sorted list while it is small, a bitmap from 64 slots on, and a list again below 32', () => {
  const set = new SlotSet();
  for (let slot = DENSE_FROM - 2; slot >= 0; slot--) set.add(slot, WORDS);
  expect(set.bitmap).toBeNull();
  expect(set.list).toEqual(Array.from({ length: DENSE_FROM - 1 }, (_, slot) => slot));

  set.add(200, WORDS);
  expect(set.list).toBeNull();
  expect(members(set)).toHaveLength(DENSE_FROM);

  for (let slot = 0; slot < DENSE_FROM / 2; slot++) set.remove(slot);
  expect(set.list).toBeNull();
  set.remove(200);
  expect(set.bitmap).toBeNull();
  expect(members(set)).toEqual(Array.from({ length: DENSE_FROM / 2 - 1 }, (_, i) => DENSE_FROM / 2 + i));
});

it('keeps room for as many slots as the index has, whether list or bitmap', () => {
  const set = new SlotSet();
  set.add(3, 1);
  set.grow(2);
  expect(members(set)).toEqual([3]);
  for (let slot = 4; set.list; slot++) set.add(slot, 3);
  set.grow(5);
  expect(set.bitmap).toHaveLength(5);
  set.add(159, 5);
  expect(members(set).at(-1)).toBe(159);
});

it('holds what was added and not removed, in whatever order', () => {
  const flips = fc.array(fc.nat(SLOTS - 1), { maxLength: 400 });
  fc.assert(
    fc.property(flips, slots => {
      const set = new SlotSet();
      const model = new Set<number>();
      for (const slot of slots) {
        if (model.delete(slot)) set.remove(slot);
        else {
          set.add(slot, WORDS);
          model.add(slot);
        }
        expect(set.size).toBe(model.size);
        expect((set.list === null) !== (set.bitmap === null)).toBe(true);
      }
      expect(members(set)).toEqual([...model].sort((a, b) => a - b));
    }),
  );
});

function members(set: SlotSet): number[] {
  return set.list ?? slotsIn(set.bitmap!);
}

function slotsIn(bitmap: Bitmap): number[] {
  return Array.from({ length: bitmap.length * 32 }, (_, slot) => slot).filter(slot => hasBit(bitmap, slot));
}
