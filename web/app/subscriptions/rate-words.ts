import type { Count } from '../api.ts';
import { countWords } from '../words.ts';

/** How much a filter brings, by the last hour: `about 6.9 a minute (0.12/s), 412 of 1,204 in the last hour`. */
export function rateOf(count: Count | null, failure: string | null): string {
  if (failure !== null) return `Not known how much it brings: ${failure}`;
  if (!count) return 'Counting…';
  const { matching, total, per_minute, complete, minutes, since } = count;
  const span = complete
    ? minutes === 60
      ? 'in the last hour'
      : `in the last ${minutes} minutes`
    : `since ${since.slice(11, 16)} UTC`;
  const rate = `about ${decimal(per_minute)} a minute (${decimal(per_minute / 60)}/s)`;
  return `${rate}, ${countWords(matching)} of ${countWords(total)} ${span}`;
}

function decimal(value: number): string {
  if (value === 0) return '0';
  if (value < 0.01) return 'under 0.01';
  return value >= 10 ? countWords(Math.round(value)) : String(Number(value.toPrecision(2)));
}
