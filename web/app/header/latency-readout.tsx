import { lazy } from '../lazy.ts';
import { now } from '../now.ts';
import { painter } from '../page-state.ts';
import { Popover } from '../popover.tsx';
import { spreadWords } from './latency-words.ts';

const LatencyDetails = lazy(async () => (await import('./details.tsx')).LatencyDetails);

/** How long events take from detection to paint, over the last minute. */
export function LatencyReadout() {
  const { total, uncertain } = painter.latency.latency(now.value);
  const words = total ? spreadWords(total, uncertain) : '–';
  return (
    <Popover
      name="latency"
      title="From detection to paint, last 60 s"
      buttonClass="pill"
      button={
        <>
          <span class="visually-hidden">Latency</span> <span class="pill-name">p50/p95</span>{' '}
          <span class="pill-figure">{words}</span>
        </>
      }
    >
      {() => <LatencyDetails />}
    </Popover>
  );
}
