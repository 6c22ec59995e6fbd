import type { Spread } from '../../live/latency.ts';
import { ageWords } from '../../live/words.ts';
import { countWords } from '../words.ts';

/** From here on milliseconds say less than a larger unit. */
const MS_UP_TO = 10_000;

/** How long something took: `84 ms`, `12 s`, `3 h`; `~1,204 ms` where the clocks are not known well enough. */
export function durationWords(ms: number, isRough: boolean): string {
  return `${isRough ? '~' : ''}${Math.abs(ms) < MS_UP_TO ? `${countWords(Math.round(ms))} ms` : ageWords(ms)}`;
}

/** Median and 95th percentile, the unit once where both have it: `84/132 ms`, `9,000 ms/12 s`. */
export function spreadWords({ p50, p95 }: Spread, isRough: boolean): string {
  const [median, high] = [durationWords(p50, isRough), durationWords(p95, false)];
  return high.endsWith(' ms') ? `${median.replace(' ms', '')}/${high}` : `${median}/${high}`;
}
