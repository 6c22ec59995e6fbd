import type { PatternEvent } from '../../../shared/events.ts';

/** A step of an event's way to the server. */
export interface Hop {
  name: string;
  /** When it was reached; epoch milliseconds. */
  atMs: number;
  /** Since the step before; null for the first. Less than nothing when the clocks of the two differ. */
  tookMs: number | null;
}

/** The way of an event, from detection to the hub that keeps it, and how long each step took. Unknown steps are left out. */
export function hopsOf({ detected_at, time_origin, hops }: PatternEvent): Hop[] {
  const steps: [string, number | undefined][] = [
    // A time that was not sent is when the bridge got it: no time went by.
    ['Detected by the producer', time_origin === 'received' ? undefined : Date.parse(detected_at)],
    ['Published on Redis', hops.published_at_ms],
    ['Received by the bridge', hops.bridge_at_ms],
    ['Received at the edge', hops.edge_at_ms],
    ['Kept by the hub', hops.hub_at_ms],
  ];
  let before: number | null = null;
  const found: Hop[] = [];
  for (const [name, atMs] of steps) {
    if (atMs === undefined || Number.isNaN(atMs)) continue;
    found.push({ name, atMs, tookMs: before === null ? null : atMs - before });
    before = atMs;
  }
  return found;
}

/** A short time: `12 ms`, `1.4 s`, `3 min`; a minus sign when the clocks differ. */
export function durationWords(ms: number): string {
  const sign = ms < 0 ? '−' : '';
  const length = Math.abs(ms);
  if (length < 1_000) return `${sign}${Math.round(length)} ms`;
  if (length < 60_000) return `${sign}${(length / 1_000).toFixed(1)} s`;
  if (length < 3_600_000) return `${sign}${Math.round(length / 60_000)} min`;
  return `${sign}${Math.round(length / 3_600_000)} h`;
}
