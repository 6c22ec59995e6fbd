import type { Event } from './events.ts';

export const HOPS = ['detected', 'published', 'bridge', 'edge', 'hub', 'flush'] as const;
export type HopName = (typeof HOPS)[number];

/** A step of an event's way. */
export interface Hop {
  hop: HopName;
  /** When it was reached, by the clock of whoever it reached. */
  at_ms: number;
  /** Since the step before; null for the first. Less than nothing when the clocks of the two differ. */
  took_ms: number | null;
}

/** The way of an event from its detection to the flush that sent it, where that is known. Unknown steps are left out. */
export function hopsOf(
  { detected_at, time_origin, hops }: Pick<Event, 'detected_at' | 'time_origin' | 'hops'>,
  flushedAtMs?: number,
): Hop[] {
  const times: Record<HopName, number | undefined> = {
    // A time that was not sent is when the bridge got it: no time went by.
    detected: time_origin === 'received' ? undefined : Date.parse(detected_at),
    published: hops.published_at_ms,
    bridge: hops.bridge_at_ms,
    edge: hops.edge_at_ms,
    hub: hops.hub_at_ms,
    flush: flushedAtMs,
  };
  let before: number | null = null;
  const found: Hop[] = [];
  for (const hop of HOPS) {
    const at_ms = times[hop];
    if (at_ms === undefined || Number.isNaN(at_ms)) continue;
    found.push({ hop, at_ms, took_ms: before === null ? null : at_ms - before });
    before = at_ms;
  }
  return found;
}
