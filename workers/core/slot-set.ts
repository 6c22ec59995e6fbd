/** A bit per slot: bit `slot & 31` of word `slot >>> 5`. */
export type Bitmap = Uint32Array<ArrayBuffer>;

export function hasBit(bitmap: Bitmap, slot: number): boolean {
  return (bitmap[slot >>> 5]! & (1 << (slot & 31))) !== 0;
}

export function setBit(bitmap: Bitmap, slot: number): void {
  bitmap[slot >>> 5]! |= 1 << (slot & 31);
}

export function clearBit(bitmap: Bitmap, slot: number): void {
  bitmap[slot >>> 5]! &= ~(1 << (slot & 31));
}

/** The same bits with room for more. */
export function grownBitmap(bitmap: Bitmap, words: number): Bitmap {
  const grown = new Uint32Array(words);
  grown.set(bitmap);
  return grown;
}

/** From here on a value's slots are a bitmap; below half of it they are a list again. */
export const DENSE_FROM = 64;

/**
 * The slots that name one value: a sorted list while few do, a bitmap once many do. An index holds one for every value
 * anybody names, so a rare value must cost bytes, not a bitmap's kilobytes.
 */
export class SlotSet {
  /** Exactly one of the two is in use; both may be read, neither written, by the index. */
  list: number[] | null = [];
  bitmap: Bitmap | null = null;
  size = 0;

  add(slot: number, words: number): void {
    this.size++;
    if (this.bitmap) {
      setBit(this.bitmap, slot);
      return;
    }
    const list = this.list!;
    list.splice(firstAtLeast(list, slot), 0, slot);
    if (this.size < DENSE_FROM) return;
    this.bitmap = new Uint32Array(words);
    for (const member of list) setBit(this.bitmap, member);
    this.list = null;
  }

  remove(slot: number): void {
    this.size--;
    if (this.list) {
      this.list.splice(firstAtLeast(this.list, slot), 1);
      return;
    }
    clearBit(this.bitmap!, slot);
    if (this.size >= DENSE_FROM / 2) return;
    this.list = [...slotsOf(this.bitmap!)];
    this.bitmap = null;
  }

  grow(words: number): void {
    if (this.bitmap) this.bitmap = grownBitmap(this.bitmap, words);
  }
}

function firstAtLeast(sorted: number[], slot: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* slotsOf(bitmap: Bitmap): Generator<number> {
  for (let word = 0; word < bitmap.length; word++) {
    for (let bits = bitmap[word]!; bits !== 0; bits &= bits - 1) yield word * 32 + 31 - Math.clz32(bits & -bits);
  }
}
