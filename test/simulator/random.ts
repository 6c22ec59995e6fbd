/** A repeatable source of chance: the same seed gives the same numbers on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [min, max). */
  between(min: number, max: number): number;
  /** A whole number in [0, count). */
  below(count: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** Any of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** Standard normal: mean 0, deviation 1. */
  normal(): number;
  /** Exponential with mean 1: the wait between events that know nothing of each other. */
  wait(): number;
  /** So many hexadecimal digits. */
  hex(digits: number): string;
}

/** sfc32, which passes PractRand, started from a 32-bit seed. (https://pracrand.sourceforge.net/RNG_engines.txt) */
export function createRandom(seed: number): Random {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];

  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }
  for (let i = 0; i < 12; i++) next();

  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    below,
    between: (min, max) => min + next() * (max - min),
    chance: probability => next() < probability,
    pick: list => list[below(list.length)]!,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    wait: () => -Math.log(1 - next()),
    hex: digits => Array.from({ length: digits }, () => below(16).toString(16)).join(''),
  };
}

/** A version 4 UUID from `random`. */
export function uuidFrom(random: Random): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
}
