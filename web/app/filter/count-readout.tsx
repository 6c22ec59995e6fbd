import type { Filter } from '../../../shared/filter.ts';
import type { Tier } from '../../../shared/topics.ts';
import type { Count } from '../api.ts';
import { countWords } from '../words.ts';
import { useCount } from './counts.ts';

/** How long the slider or the keyboard rest before the server is asked to count. */
const COUNT_PAUSE_MS = 120;

/** How much of the tier's last hour a filter lets through: `412 of 1,204 · 6.9/min`. */
export function CountReadout({ tier, filter }: { tier: Tier; filter: Filter }) {
  const { count, isPending, failure } = useCount(tier, filter, { pauseMs: COUNT_PAUSE_MS });
  return (
    <span
      class="count-readout"
      data-count
      data-pending={isPending}
      title={failure ?? (count ? titleOf(count) : 'Counting')}
    >
      {count
        ? `${countWords(count.matching)} of ${countWords(count.total)} · ${perMinuteWords(count.per_minute)}`
        : '–'}
    </span>
  );
}

/** A rate over an hour: `< 0.1/min`, `0.2/min`, `6.9/min`, `120/min`. */
function perMinuteWords(perMinute: number): string {
  if (perMinute > 0 && perMinute < 0.05) return '< 0.1/min';
  return `${perMinute >= 10 || perMinute === 0 ? countWords(Math.round(perMinute)) : perMinute.toFixed(1)}/min`;
}

function titleOf({ since, complete, minutes }: Count): string {
  const span = complete
    ? `in the last ${minutes} minutes`
    : `since ${new Date(since).toLocaleTimeString()}: there are more`;
  return `Patterns that the main filter lets through, of all of this tier, ${span}`;
}
