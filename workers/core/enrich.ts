import type { Event, MarketSession, TopicEvent } from '../../shared/events.ts';
import type { Decision } from './router.ts';

/** Where and when an event was appended. */
export interface Place {
  seq: number;
  id: string;
  edgeAtMs: number;
  hubAtMs: number;
}

/**
 * The event as it stands on the tape: with its place, its hops, and what routing decided. What the producer sent is
 * left as it is; a market session comes from the calendar only where the producer sent none.
 */
export function enrich(
  event: TopicEvent,
  decision: Decision,
  place: Place,
  marketSessionAt: (atMs: number) => MarketSession,
): Event {
  const { seq, id, edgeAtMs, hubAtMs } = place;
  const hops = { ...event.hops, edge_at_ms: edgeAtMs, hub_at_ms: hubAtMs };
  if (event.kind !== 'pattern') return { ...event, seq, id, hops };
  return {
    ...event,
    seq,
    id,
    hops,
    priority: decision.priority,
    market_session: event.market_session ?? marketSessionAt(Date.parse(event.detected_at)),
    session_origin: event.market_session === null ? 'calendar' : 'sent',
    tags: [...new Set([...event.tags, ...decision.tags])],
  } as Event;
}
