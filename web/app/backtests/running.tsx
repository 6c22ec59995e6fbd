import type { Backtest } from '../../../shared/api/backtests.ts';
import { BACKTEST_LIMITS } from '../../../shared/backtests.ts';
import { clockOffsetMs } from '../header/producer.ts';
import { now } from '../now.ts';
import { About, momentOf } from './about.tsx';
import { doubts, progressWords, silentMinutes, someWords, stateWords } from './backtest-words.ts';
import { stopOrRemove } from './remove.ts';

/** The backtests that have not ended, each with how far it is. */
export function Running({ jobs }: { jobs: readonly Backtest[] }) {
  return (
    <section aria-labelledby="bt-running">
      <h3 id="bt-running">
        Under way{' '}
        <span class="bt-count">
          {jobs.length} of at most {BACKTEST_LIMITS.max_running}
        </span>
      </h3>
      <ul class="bt-running">
        {jobs.map(job => (
          <RunningJob key={job.job_id} job={job} />
        ))}
      </ul>
    </section>
  );
}

function RunningJob({ job }: { job: Backtest }) {
  const nowMs = now.value - clockOffsetMs();
  const isSilent = silentMinutes(job, nowMs) !== null;
  const name = someWords(job.symbols);
  return (
    <li class="bt-job" data-job={job.job_id} data-state={job.state} data-silent={isSilent}>
      <About job={job} />
      <button type="button" class="button" aria-label={`Cancel ${name}`} onClick={() => stopOrRemove(job.job_id)}>
        Cancel
      </button>
      <progress
        aria-label={`Progress of ${name}`}
        max={1}
        {...(job.progress !== null && { value: job.progress })}
        data-known={job.progress !== null}
      />
      <p class="bt-state">
        <strong>{stateWords(job, nowMs)}</strong> {progressWords(job, momentOf)}
      </p>
      {doubts(job, momentOf).map(words => (
        <p key={words} class="bt-doubt">
          {words}
        </p>
      ))}
    </li>
  );
}
