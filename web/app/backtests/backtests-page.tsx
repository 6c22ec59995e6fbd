import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Backtest } from '../../../shared/api/backtests.ts';
import { hasEnded } from '../../../shared/backtests.ts';
import '../../styles/backtests.css';
import { PageMain } from '../pages/page-main.tsx';
import { BacktestForm } from './backtest-form.tsx';
import { Comparison } from './comparison.tsx';
import { backtests, followBacktests, isFollowed, unavailable } from './follow-backtests.ts';
import { type FormValues, firstValues, valuesOf } from './form-values.ts';
import { Running } from './running.tsx';
import { Unfinished } from './unfinished.tsx';

/** The user's backtests: ask for one, watch it, compare what came of them. */
export function BacktestsPage() {
  useEffect(followBacktests, []);
  return <PageMain title="Backtests">{unavailable.value === null ? <Available /> : <Unavailable />}</PageMain>;
}

function Unavailable() {
  return (
    <section class="bt-notice" data-backtests="unavailable">
      <h3>Backtests are not set up on this server</h3>
      <p>{unavailable.value}</p>
      <p>They run in TickStockPL, which is asked for them over Redis. The operator’s manual says how to connect it.</p>
    </section>
  );
}

function Available() {
  // Another number makes the form be drawn anew, with other values.
  const draft = useSignal<{ number: number; values: FormValues }>({ number: 0, values: firstValues(Date.now()) });
  const again = (job: Backtest) => {
    draft.value = { number: draft.peek().number + 1, values: valuesOf(job) };
    document.querySelector<HTMLElement>('.bt-form input')?.focus();
  };
  const jobs = backtests.value;
  const running = (jobs ?? []).filter(({ state }) => !hasEnded(state) && state !== 'unsent');
  const compared = (jobs ?? []).filter(({ results }) => results !== null);
  const others = (jobs ?? []).filter(job => !running.includes(job) && !compared.includes(job));
  return (
    <div class="bt-page" data-backtests={jobs === null ? 'loading' : jobs.length === 0 ? 'empty' : 'list'}>
      <BacktestForm key={draft.value.number} values={draft.value.values} />
      <div class="bt-lists">
        {jobs === null && <p role="status">{isFollowed.value ? 'Loading…' : 'Connecting…'}</p>}
        {jobs !== null && !isFollowed.value && (
          <p role="status" class="bt-doubt">
            Not connected: what is shown may be old.
          </p>
        )}
        {jobs?.length === 0 && (
          <section class="bt-notice">
            <h3>No backtests yet</h3>
            <p>Choose symbols, patterns and a time, and run one. What comes of it is kept here, for you alone.</p>
          </section>
        )}
        {running.length > 0 && <Running jobs={running} />}
        {compared.length > 0 && <Comparison jobs={compared} onAgain={again} />}
        {others.length > 0 && <Unfinished jobs={others} onAgain={again} />}
      </div>
    </div>
  );
}
