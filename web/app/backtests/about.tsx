import type { Backtest } from '../../../shared/api/backtests.ts';
import { patternName } from '../../live/pattern-names.ts';
import { momentWords } from '../../live/times.ts';
import { now } from '../now.ts';
import { clock } from '../state/settings.ts';
import { someWords } from './backtest-words.ts';

/** What a backtest is about. */
export function About({ job }: { job: Backtest }) {
  return (
    <span class="bt-about">
      <strong title={job.symbols.join(', ')}>{someWords(job.symbols)}</strong>{' '}
      <span title={job.patterns.join(', ')}>{someWords(job.patterns.map(patternName))}</span>{' '}
      <span class="bt-dates">
        {job.start_date} to {job.end_date}
      </span>
    </span>
  );
}

/** A time by the clock that the user has chosen. Reads signals. */
export function momentOf(iso: string): string {
  return momentWords(Date.parse(iso), now.value, clock.value);
}
