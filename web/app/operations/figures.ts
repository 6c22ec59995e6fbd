import { countWords } from '../words.ts';

/** A rate: `4.2/min`, `1,204/min`; `n/a` when it is not known. */
export function perMinuteWords(perMinute: number | null): string {
  if (perMinute === null) return 'n/a';
  const isSmall = perMinute > 0 && perMinute < 9.95;
  return `${isSmall ? perMinute.toFixed(1).replace(/\.0$/, '') : countWords(Math.round(perMinute))}/min`;
}

/** An upper bound of how long something took: `≤ 0.25 ms`, `≤ 30 s`, `> 60 min`. */
export function spanBoundWords(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return '> 60 min';
  if (ms < 10_000) return `≤ ${countWords(ms)} ms`;
  return ms < 300_000 ? `≤ ${ms / 1_000} s` : `≤ ${ms / 60_000} min`;
}

/** Bytes: `512 B`, `3.4 kB`, `12 MB`. */
export function bytesWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
