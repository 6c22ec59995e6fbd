import { isSame } from './filters.ts';

/** Puts together what two have made of a list at the same time: what one has added, changed or taken away is so. */
export function mergeLists<T>(idOf: (each: T) => string) {
  return (before: readonly T[], mine: readonly T[], theirs: readonly T[]): readonly T[] => {
    const old = new Map(before.map(each => [idOf(each), each]));
    const own = new Map(mine.map(each => [idOf(each), each]));
    const isMine = (id: string) => own.has(id) && !isSame(own.get(id), old.get(id));
    const kept = theirs.filter(each => own.has(idOf(each)) || !old.has(idOf(each)));
    const there = new Set(kept.map(idOf));
    return [
      ...kept.map(each => (isMine(idOf(each)) ? own.get(idOf(each))! : each)),
      ...mine.filter(each => isMine(idOf(each)) && !there.has(idOf(each))),
    ];
  };
}
