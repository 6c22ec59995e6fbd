import { spanBoundWords } from './figures.ts';
import type { Lane, LaneSpan } from './lanes.ts';
import { StateMark } from './state-mark.tsx';

/** The way from the producer to a screen, part by part. */
export function LaneList({ lanes }: { lanes: readonly Lane[] }) {
  return (
    <ol class="ops-lanes">
      {lanes.map(lane => (
        <li key={lane.id} class="ops-lane" data-lane={lane.id} data-lane-state={lane.state}>
          <h4>{lane.title}</h4>
          <StateMark state={lane.state} />
          <dl>
            {lane.figures.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
            {lane.spans.map(span => (
              <Span key={span.name} {...span} />
            ))}
          </dl>
          {lane.problems.length > 0 && (
            <ul class="ops-problems">
              {lane.problems.map(problem => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}

function Span({ name, span, budgetMs }: LaneSpan) {
  return (
    <div class="ops-span">
      <dt>{name}</dt>
      <dd>
        {span ? (
          <>
            p50 {spanBoundWords(span.p50)}, p95 {spanBoundWords(span.p95)} <small>n={span.n}</small>
          </>
        ) : (
          'n/a'
        )}
        {budgetMs !== null && <small>; budget {budgetMs} ms</small>}
      </dd>
    </div>
  );
}
