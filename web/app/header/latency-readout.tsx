import type { Latency, Spread } from '../../live/latency.ts';
import { painter } from '../columns.ts';
import { now } from '../now.ts';
import { Popover } from '../popover.tsx';
import { countWords } from '../words.ts';

const HOPS = [
  ['pipeline', 'Pipeline', 'detected to bridge'],
  ['edge', 'Edge', 'bridge to hub'],
  ['network', 'Network', 'hub to this page'],
  ['paint', 'Paint', 'received to drawn'],
  ['total', 'All', 'detected to drawn'],
] as const;

/** How long events take from detection to paint, over the last minute. */
export function LatencyReadout() {
  const latency = painter.latency.latency(now.value);
  const { total, uncertain, n } = latency;
  const words = total ? `${rough(uncertain)}${ms(total.p50)} / ${ms(total.p95)} ms` : '–';
  return (
    <Popover
      name="latency"
      title="From detection to paint, last 60 s"
      label={`Latency, median and 95th percentile: ${total ? words : 'not known'}`}
      buttonClass="pill"
      button={
        <>
          <span class="pill-name">p50/p95</span>
          <span class="pill-figure">{words}</span>
        </>
      }
    >
      {() => (
        <>
          <table class="hops">
            <thead>
              <tr>
                <th scope="col">Hop</th>
                <th scope="col">p50</th>
                <th scope="col">p95</th>
              </tr>
            </thead>
            <tbody>
              {HOPS.map(([hop, name, span]) => (
                <tr key={hop}>
                  <th scope="row">
                    {name} <small>{span}</small>
                  </th>
                  <Figures of={latency[hop]} isRough={isRough(hop, latency)} />
                </tr>
              ))}
            </tbody>
          </table>
          <p class="hint">
            {n === 0
              ? 'No live event with a time of its own came in.'
              : `${countWords(n)} events measured${uncertain ? '; ~ = the clocks are not known to 25 ms' : ''}.`}
          </p>
        </>
      )}
    </Popover>
  );
}

function Figures({ of, isRough }: { of: Spread | null; isRough: boolean }) {
  const figure = (value: number | undefined) => (value === undefined ? '–' : `${rough(isRough)}${ms(value)} ms`);
  return (
    <>
      <td>{figure(of?.p50)}</td>
      <td>{figure(of?.p95)}</td>
    </>
  );
}

function isRough(hop: (typeof HOPS)[number][0], { uncertain }: Latency): boolean {
  return uncertain && (hop === 'network' || hop === 'total');
}

function rough(isRough: boolean): string {
  return isRough ? '~' : '';
}

function ms(value: number): string {
  return countWords(Math.round(value));
}
