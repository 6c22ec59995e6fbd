import type { Hop } from '../../../shared/hops.ts';
import { type Clock, clockTime, zoneWords } from '../../live/times.ts';
import { clock } from '../state/settings.ts';
import { durationWords, HOP_WORDS } from './hops.ts';

/** The way of an event, step by step and together. */
export function Hops({ hops }: { hops: readonly Hop[] }) {
  const [first] = hops;
  const last = hops.at(-1);
  return (
    <table class="hops detail-hops">
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">At ({zoneWords(clock.value)})</th>
          <th scope="col">Took</th>
        </tr>
      </thead>
      <tbody>
        {hops.map(({ hop, at_ms, took_ms }) => (
          <tr key={hop}>
            <th scope="row">{HOP_WORDS[hop]}</th>
            <td>{exactTime(at_ms, clock.value)}</td>
            <td>{took_ms === null ? '' : durationWords(took_ms)}</td>
          </tr>
        ))}
        {first && last && first !== last && (
          <tr>
            <th scope="row">Together</th>
            <td />
            <td>{durationWords(last.at_ms - first.at_ms)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function exactTime(atMs: number, by: Clock): string {
  return `${clockTime(atMs, by)}.${String(((atMs % 1_000) + 1_000) % 1_000).padStart(3, '0')}`;
}
