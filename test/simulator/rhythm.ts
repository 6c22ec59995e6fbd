/** A market day lasts this long here, and then begins anew: data flows at any hour. */
export const DAY_MS = 10 * 60_000;

/**
 * How much busier than the day's average it is at `elapsedMs` since the start: 1.8 at the open and at the close, 0.6
 * at lunch, 1 on average over a day.
 */
export function rhythm(elapsedMs: number): number {
  const fromNoon = 2 * ((elapsedMs % DAY_MS) / DAY_MS) - 1;
  return 0.6 + 1.2 * fromNoon ** 2;
}
