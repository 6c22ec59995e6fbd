import { EXCLUDED_LISTS, type Filter, thousandths, WANTED_LISTS } from '../../shared/filter.ts';
import type { Matchable } from '../../shared/matches.ts';
import { PRIORITIES, priorityRank } from '../../shared/priority.ts';
import { type Bitmap, clearBit, grownBitmap, SlotSet, setBit } from './slot-set.ts';

/**
 * Finds the subscriptions that want an event without looking at each of them.
 *
 * A subscription has a slot. For each dimension of the filter there is a bitmap of the slots that do not ask about it
 * ("any") and, for each value asked for, the set of slots that do. An event's matches are the AND over dimensions of
 * (any OR wanted), less the excluded: a few word operations per 32 subscriptions. Thresholds have bitmaps at coarse
 * steps that prune, and are then checked exactly, slot by slot.
 *
 * Naively, one would keep sets of sessions and intersect them; a session with two subscriptions would then match on the
 * symbols of one and the patterns of the other. Slots cannot mix.
 *
 * Exact: equal to `matches(filter, event)` for every slot. No allocation per event.
 */
export class SubscriptionIndex {
  /** After `match`, the first `count` entries are the matching slots, ascending. */
  matched = new Uint32Array(WORDS_AT_START * 32);
  #words = WORDS_AT_START;
  #used = 0;
  #free: number[] = [];
  #filters: (Filter | null)[] = [];
  #leastConfidence = new Uint16Array(WORDS_AT_START * 32);
  #candidates = new Uint32Array(WORDS_AT_START);
  #spared = new Uint32Array(64);
  readonly #wanted = WANTED_LISTS.map(([list, field]) => ({
    list,
    field,
    any: new Uint32Array(WORDS_AT_START),
    ...values(),
  }));
  readonly #excluded = EXCLUDED_LISTS.map(([list, field]) => ({ list, field, ...values() }));
  /** [k]: the slots whose least confidence is at most k tenths. [rank]: whose least priority is at most that rank. */
  readonly #confidenceUpTo = Array.from({ length: 11 }, () => new Uint32Array(WORDS_AT_START));
  readonly #priorityUpTo = PRIORITIES.map(() => new Uint32Array(WORDS_AT_START));

  /** Subscriptions in the index. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  /** Adds a subscription with a filter in normal form and returns its slot; slots of removed ones are used again. */
  add(filter: Filter): number {
    const slot = this.#free.pop() ?? this.#used++;
    if (slot >= this.#words * 32) this.#grow();
    this.#filters[slot] = filter;
    for (const dimension of this.#wanted) {
      const wanted = filter[dimension.list];
      if (!wanted?.length) {
        setBit(dimension.any, slot);
        continue;
      }
      dimension.askedBy++;
      for (const value of wanted) this.#setOf(dimension.sets, value).add(slot, this.#words);
    }
    for (const dimension of this.#excluded) {
      for (const value of filter[dimension.list] ?? []) this.#setOf(dimension.sets, value).add(slot, this.#words);
    }
    const least = thousandths(filter.confidence_min ?? 0);
    this.#leastConfidence[slot] = least;
    for (let tenth = Math.ceil(least / 100); tenth <= 10; tenth++) setBit(this.#confidenceUpTo[tenth]!, slot);
    for (let rank = priorityRank(filter.priority_min ?? 'low'); rank < PRIORITIES.length; rank++) {
      setBit(this.#priorityUpTo[rank]!, slot);
    }
    return slot;
  }

  /** Takes a subscription out. */
  remove(slot: number): void {
    const filter = this.#filters[slot];
    if (!filter) throw new Error(`slot ${slot} is not in use`);
    this.#filters[slot] = null;
    this.#free.push(slot);
    for (const dimension of this.#wanted) {
      const wanted = filter[dimension.list];
      if (!wanted?.length) {
        clearBit(dimension.any, slot);
        continue;
      }
      dimension.askedBy--;
      for (const value of wanted) removeFrom(dimension.sets, value, slot);
    }
    for (const dimension of this.#excluded) {
      for (const value of filter[dimension.list] ?? []) removeFrom(dimension.sets, value, slot);
    }
    for (const bitmap of this.#confidenceUpTo) clearBit(bitmap, slot);
    for (const bitmap of this.#priorityUpTo) clearBit(bitmap, slot);
  }

  /** Finds the slots that want the event: returns their count and leaves them in `matched`. */
  match(event: Matchable): number {
    const words = (this.#used + 31) >>> 5;
    const candidates = this.#candidates;
    const confidence = event.confidence == null ? 0 : thousandths(event.confidence);
    const byConfidence = this.#confidenceUpTo[Math.ceil(confidence / 100)]!;
    const byPriority = this.#priorityUpTo[event.priority == null ? 0 : priorityRank(event.priority)]!;
    for (let word = 0; word < words; word++) candidates[word] = byConfidence[word]! & byPriority[word]!;

    for (const dimension of this.#wanted) {
      if (dimension.askedBy === 0) continue;
      const value = event[dimension.field];
      this.#keepWanted(words, dimension.any, value == null ? undefined : dimension.sets.get(value));
    }
    for (const dimension of this.#excluded) {
      const value = event[dimension.field];
      if (value != null) this.#dropExcluded(words, dimension.sets.get(value));
    }

    let count = 0;
    for (let word = 0; word < words; word++) {
      for (let bits = candidates[word]!; bits !== 0; bits &= bits - 1) {
        const slot = word * 32 + 31 - Math.clz32(bits & -bits);
        if (this.#leastConfidence[slot]! <= confidence) this.matched[count++] = slot;
      }
    }
    return count;
  }

  #keepWanted(words: number, any: Bitmap, wanting: SlotSet | undefined): void {
    const candidates = this.#candidates;
    if (wanting?.bitmap) {
      const bitmap = wanting.bitmap;
      for (let word = 0; word < words; word++) candidates[word]! &= any[word]! | bitmap[word]!;
      return;
    }
    // A list is cheaper to keep by noting its candidates, dropping all that ask, and putting the noted ones back.
    let spared = 0;
    for (const slot of wanting?.list ?? []) {
      if (candidates[slot >>> 5]! & (1 << (slot & 31))) this.#spared[spared++] = slot;
    }
    for (let word = 0; word < words; word++) candidates[word]! &= any[word]!;
    for (let i = 0; i < spared; i++) setBit(candidates, this.#spared[i]!);
  }

  #dropExcluded(words: number, excluding: SlotSet | undefined): void {
    if (!excluding) return;
    const candidates = this.#candidates;
    if (excluding.bitmap) {
      const bitmap = excluding.bitmap;
      for (let word = 0; word < words; word++) candidates[word]! &= ~bitmap[word]!;
      return;
    }
    for (const slot of excluding.list!) clearBit(candidates, slot);
  }

  #setOf(sets: Map<string, SlotSet>, value: string): SlotSet {
    const known = sets.get(value);
    if (known) return known;
    const set = new SlotSet();
    sets.set(value, set);
    return set;
  }

  #grow(): void {
    this.#words *= 2;
    const words = this.#words;
    this.matched = new Uint32Array(words * 32);
    this.#candidates = new Uint32Array(words);
    const least = new Uint16Array(words * 32);
    least.set(this.#leastConfidence);
    this.#leastConfidence = least;
    for (const dimension of this.#wanted) dimension.any = grownBitmap(dimension.any, words);
    for (const { sets } of [...this.#wanted, ...this.#excluded]) for (const set of sets.values()) set.grow(words);
    for (const bitmaps of [this.#confidenceUpTo, this.#priorityUpTo]) {
      for (let i = 0; i < bitmaps.length; i++) bitmaps[i] = grownBitmap(bitmaps[i]!, words);
    }
  }
}

const WORDS_AT_START = 32;

function values(): { sets: Map<string, SlotSet>; askedBy: number } {
  return { sets: new Map(), askedBy: 0 };
}

function removeFrom(sets: Map<string, SlotSet>, value: string, slot: number): void {
  const set = sets.get(value)!;
  set.remove(slot);
  if (set.size === 0) sets.delete(value);
}
