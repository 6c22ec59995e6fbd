import { stableHash } from '../../shared/partition.ts';
import type { Random } from './random.ts';
import { ETFS } from './symbols.ts';

/** Plausible prices: a random walk per symbol that knows nothing of the real market. */
export interface Prices {
  /** Walks on to `atMs` and tells the price, in dollars and cents. */
  at(symbol: string, atMs: number): number;
  /** What it was when the walk began. */
  opened(symbol: string): number;
}

/** About 1.2 % in a simulated day of ten minutes. */
const DEVIATION_PER_SECOND = 0.0005;

export function createPrices(random: Random): Prices {
  const walks = new Map<string, { price: number; atMs: number }>();

  function opened(symbol: string): number {
    return (ETFS as Record<string, number>)[symbol] ?? 20 + (stableHash(symbol) % 48_000) / 100;
  }

  return {
    opened,
    at(symbol, atMs) {
      const walk = walks.get(symbol) ?? { price: opened(symbol), atMs };
      const seconds = Math.max(0, atMs - walk.atMs) / 1_000;
      walk.price *= Math.exp(random.normal() * DEVIATION_PER_SECOND * Math.sqrt(seconds));
      walk.atMs = Math.max(walk.atMs, atMs);
      walks.set(symbol, walk);
      return Math.round(walk.price * 100) / 100;
    },
  };
}
