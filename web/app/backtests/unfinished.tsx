import { RotateCcw, Trash2 } from 'lucide';
import type { Backtest } from '../../../shared/api/backtests.ts';
import { Icon } from '../icon.tsx';
import { About, momentOf } from './about.tsx';
import { endWords, someWords } from './backtest-words.ts';
import { stopOrRemove } from './remove.ts';

const TITLES: Partial<Record<Backtest['state'], string>> = {
  unsent: 'Not handed over',
  failed: 'Failed',
  cancelled: 'Cancelled',
  completed: 'Completed',
};

/** The backtests that brought no figures, each with why. */
export function Unfinished({ jobs, onAgain }: { jobs: readonly Backtest[]; onAgain(job: Backtest): void }) {
  return (
    <section aria-labelledby="bt-unfinished">
      <h3 id="bt-unfinished">Without figures</h3>
      <ul class="bt-running">
        {jobs.map(job => (
          <li key={job.job_id} class="bt-job" data-job={job.job_id} data-state={job.state}>
            <About job={job} />
            <JobButtons job={job} onAgain={onAgain} />
            <p class="bt-state">
              <strong>{TITLES[job.state]}</strong> {endWords(job)}{' '}
              <span class="bt-dates">{momentOf(job.ended_at ?? job.created_at)}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Asks for one like it, or takes it from the list. */
export function JobButtons({ job, onAgain }: { job: Backtest; onAgain(job: Backtest): void }) {
  const name = someWords(job.symbols);
  return (
    <span class="bt-buttons">
      <button
        type="button"
        class="icon-button"
        aria-label={`Fill in the form as for ${name}`}
        title="Fill in the form as for this one"
        onClick={() => onAgain(job)}
      >
        <Icon of={RotateCcw} />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={`Remove ${name}`}
        title="Remove"
        onClick={() => stopOrRemove(job.job_id)}
      >
        <Icon of={Trash2} />
      </button>
    </span>
  );
}
