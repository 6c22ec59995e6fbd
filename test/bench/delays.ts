/** How often each delay was seen, in whole milliseconds: `[[ms, times], …]`, ascending. */
export type DelayCounts = [ms: number, times: number][];

const MOST_MS = 60_000;

/** Counts delays by the millisecond: as exact as the stamps, however many there are. */
export class Delays {
  readonly #counts = new Uint32Array(MOST_MS + 1);
  #most = 0;

  add(ms: number): void {
    const at = Math.min(Math.max(ms, 0), MOST_MS);
    this.#counts[at]!++;
    if (at > this.#most) this.#most = at;
  }

  counts(): DelayCounts {
    const counts: DelayCounts = [];
    for (let ms = 0; ms <= this.#most; ms++) if (this.#counts[ms]! > 0) counts.push([ms, this.#counts[ms]!]);
    return counts;
  }
}

/** What came between two readings of the same counts. */
export function delaysSince(before: DelayCounts, now: DelayCounts): DelayCounts {
  const earlier = new Map(before);
  return now.flatMap(([ms, times]): DelayCounts => {
    const more = times - (earlier.get(ms) ?? 0);
    return more > 0 ? [[ms, more]] : [];
  });
}

/** The delay at quantile `q`; NaN when there is none. */
export function delayAt(counts: DelayCounts, q: number): number {
  const all = counts.reduce((sum, [, times]) => sum + times, 0);
  let left = Math.floor(all * q);
  for (const [ms, times] of counts) {
    if (left < times) return ms;
    left -= times;
  }
  return counts.at(-1)?.[0] ?? Number.NaN;
}
