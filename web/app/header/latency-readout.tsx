import { Words } from '../derived.tsx';
import { lazy } from '../lazy.ts';
import { now } from '../now.ts';
import { painter } from '../page-state.ts';
import { Popover } from '../popover.tsx';
import { spreadWords } from './latency-words.ts';

const LatencyDetails = lazy(async () => (await import('./details.tsx')).LatencyDetails);

/** How long events take from detection to paint, over the last minute. */
export function LatencyReadout() {
  return (
    <Popover
      name="latency"
      title="From detection to paint, last 60 s"
      buttonClass="pill"
      button={
        <>
          <span class="visually-hidden">Latency</span> <span class="pill-name">p50/p95</span>{' '}
          <span class="pill-figure">
            <Words of={latencyWords} />
          </span>
        </>
      }
    >
      {() => <LatencyDetails />}
    </Popover>
  );
}

function latencyWords(): string {
  const { total, uncertain } = painter.latency.total(now.value);
  return total ? spreadWords(total, uncertain) : '–';
}
