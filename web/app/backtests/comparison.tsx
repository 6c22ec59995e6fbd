import type { ComponentChildren } from 'preact';
import type { Backtest } from '../../../shared/api/backtests.ts';
import { About, momentOf } from './about.tsx';
import { doubts, numberWords, percentWords, tookWords } from './backtest-words.ts';
import { JobButtons } from './unfinished.tsx';

const CURVE = { width: 120, height: 28 };

/** What came of backtests, one a line, so that they can be compared; a curve where the producer sent one. */
export function Comparison({ jobs, onAgain }: { jobs: readonly Backtest[]; onAgain(job: Backtest): void }) {
  const hasCurves = jobs.some(({ equity_curve }) => equity_curve !== null);
  const largest = Math.max(...jobs.map(({ results }) => Math.abs(results?.roi ?? 0)));
  return (
    <div>
      <h3 id="bt-results">Results</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keys. */}
      <section class="bt-scroll" tabIndex={0} aria-labelledby="bt-results">
        <table class="bt-results">
          <thead>
            <tr>
              <th scope="col">Backtest</th>
              <th scope="col">ROI</th>
              <th scope="col">Win rate</th>
              <th scope="col">Trades</th>
              <th scope="col">Sharpe</th>
              <th scope="col">Max drawdown</th>
              <th scope="col">Days</th>
              {hasCurves && <th scope="col">Worth</th>}
              <th scope="col">Took</th>
              <th scope="col">
                <span class="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {jobs.map(job => (
              <Row key={job.job_id} job={job} largest={largest} hasCurves={hasCurves} onAgain={onAgain} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Row({
  job,
  largest,
  hasCurves,
  onAgain,
}: {
  job: Backtest;
  largest: number;
  hasCurves: boolean;
  onAgain(job: Backtest): void;
}) {
  const results = job.results!;
  const trades = numberWords(results.total_trades);
  return (
    <tr data-job={job.job_id} data-state={job.state}>
      <th scope="row">
        <About job={job} />
        {job.state !== 'completed' && <p class="bt-doubt">{`${job.state}${job.message ? `: ${job.message}` : ''}`}</p>}
        {doubts(job, momentOf).map(words => (
          <p key={words} class="bt-doubt">
            {words}
          </p>
        ))}
      </th>
      <Figure name="ROI">
        <Bar share={results.roi} of={largest} />
        {percentWords(results.roi, true)}
      </Figure>
      <Figure name="Win rate">
        <Bar share={results.win_rate} of={1} />
        {percentWords(results.win_rate)}
      </Figure>
      <Figure name="Trades">
        {results.winning_trades === null ? trades : `${trades} (${numberWords(results.winning_trades)} won)`}
      </Figure>
      <Figure name="Sharpe">{numberWords(results.sharpe_ratio, 2)}</Figure>
      <Figure name="Max drawdown">{percentWords(results.max_drawdown)}</Figure>
      <Figure name="Days">{numberWords(results.duration_days)}</Figure>
      {hasCurves && <Figure name="Worth">{job.equity_curve ? <Curve of={job.equity_curve} /> : 'n/a'}</Figure>}
      <Figure name="Took">{tookWords(job.processing_time_seconds)}</Figure>
      <td>
        <JobButtons job={job} onAgain={onAgain} />
      </td>
    </tr>
  );
}

/** A figure, which on a narrow page stands beside its name. */
function Figure({ name, children }: { name: string; children: ComponentChildren }) {
  return <td data-name={name}>{children}</td>;
}

/** How much that is beside the others: for the eye; the number says it. */
function Bar({ share, of }: { share: number | null; of: number }) {
  if (share === null || of === 0) return null;
  const width = Math.min(1, Math.abs(share) / of) * 100;
  return (
    <svg class="bt-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" data-down={share < 0}>
      <rect width={width} height="4" />
    </svg>
  );
}

function Curve({ of: { values, points } }: { of: NonNullable<Backtest['equity_curve']> }) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const { width, height } = CURVE;
  const at = (value: number, i: number) => {
    const x = (i * width) / (values.length - 1);
    const y = high === low ? height / 2 : height - 1 - ((value - low) / (high - low)) * (height - 2);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  const [first, last] = [values[0]!, values.at(-1)!];
  const words = `From ${numberWords(first)} to ${numberWords(last)}, between ${numberWords(low)} and ${numberWords(high)}`;
  return (
    <svg
      class="bt-curve"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={words}
    >
      <title>{`${words}; ${points} points`}</title>
      <polyline points={values.map(at).join(' ')} data-down={last < first} />
    </svg>
  );
}
