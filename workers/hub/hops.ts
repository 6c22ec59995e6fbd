import type { Event } from '../../shared/events.ts';
import type { HistogramName } from '../../shared/hub-histograms.ts';
import type { Counters } from './counters.ts';

/** Counts an event that is on the tape: where it came from, and how long each hop to here took. */
export function countArrival(counters: Counters, event: Event): void {
  const { published_at_ms, bridge_at_ms, edge_at_ms, hub_at_ms } = event.hops;
  counters.countChannel(event.channel);
  count(counters, 'detection_to_bridge_ms', detectedAtMs(event), bridge_at_ms);
  count(counters, 'published_to_bridge_ms', published_at_ms ?? null, bridge_at_ms);
  count(counters, 'bridge_to_edge_ms', bridge_at_ms, edge_at_ms);
  count(counters, 'edge_to_hub_ms', edge_at_ms, hub_at_ms);
}

/** Counts how long an event took to the sockets that have just been handed it. */
export function countDelivery(counters: Counters, event: Event, nowMs: number): void {
  count(counters, 'hub_to_delivery_ms', event.hops.hub_at_ms, nowMs);
  count(counters, 'bridge_to_delivery_ms', event.hops.bridge_at_ms, nowMs);
  const fromMs = detectedAtMs(event);
  count(counters, 'detection_to_delivery_ms', fromMs, nowMs);
  if (fromMs !== null) counters.recentDelivery.add(Math.max(0, nowMs - fromMs), nowMs);
}

/** null where the producer did not say: when the bridge got it says nothing of when it was made. */
function detectedAtMs({ time_origin, detected_at }: Event): number | null {
  return time_origin === 'received' ? null : Date.parse(detected_at);
}

/** Of two clocks the later may be behind: such a hop counts as 0. */
function count(counters: Counters, hop: HistogramName, fromMs: number | null, toMs: number): void {
  if (fromMs !== null) counters.histograms[hop].add(Math.max(0, toMs - fromMs));
}
