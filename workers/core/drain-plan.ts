import { stableHash } from '../../shared/partition.ts';

/** For how long nobody is let in: until the first of those sent away come back. */
export function refusalMs(windowMs: number): number {
  return windowMs / 2;
}

/**
 * When each session is to come back, in milliseconds from now: one after another at even distances over the second half
 * of the window, in an order that depends on their ids alone.
 */
export function spreadReturns(ids: readonly string[], windowMs: number): Map<string, number> {
  const firstMs = refusalMs(windowMs);
  const stepMs = (windowMs - firstMs) / ids.length;
  const inOrder = [...ids].sort((a, b) => stableHash(a) - stableHash(b) || (a < b ? -1 : 1));
  return new Map(inOrder.map((id, i) => [id, Math.ceil(firstMs + (i + 0.5) * stepMs)]));
}
