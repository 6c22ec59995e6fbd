import type { HopName } from '../../../shared/hops.ts';

/** The steps of an event's way, in words. */
export const HOP_WORDS: Record<HopName, string> = {
  detected: 'Detected by the producer',
  published: 'Published on Redis',
  bridge: 'Received by the bridge',
  edge: 'Received at the edge',
  hub: 'Kept by the hub',
  flush: 'Sent by the hub',
};

/** A short time: `12 ms`, `1.4 s`, `3 min`; a minus sign when the clocks differ. */
export function durationWords(ms: number): string {
  const sign = ms < 0 ? '−' : '';
  const length = Math.abs(ms);
  if (length < 1_000) return `${sign}${Math.round(length)} ms`;
  if (length < 60_000) return `${sign}${(length / 1_000).toFixed(1)} s`;
  if (length < 3_600_000) return `${sign}${Math.round(length / 60_000)} min`;
  return `${sign}${Math.round(length / 3_600_000)} h`;
}
