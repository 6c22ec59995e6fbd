import type { Event, TopicEvent } from '../../shared/events.ts';
import type { IngestBatch } from '../../shared/ingest-protocol.ts';

type Changes = Record<string, unknown>;

const common = {
  v: 1,
  id: 'c0ffee',
  detected_at: '2026-11-20T14:30:00.123Z',
  time_origin: 'zoned',
  source: 'TickStockPL',
  channel: 'tickstock.events.patterns',
  shape: 'flat',
  flow_id: null,
  producer_id: null,
  data: { rsi: 65.5 },
  context: null,
};

const pattern = {
  ...common,
  kind: 'pattern',
  tier: 'daily',
  tier_origin: 'explicit',
  pattern_type: 'BreakoutBO',
  symbol: 'AAPL',
  confidence: 0.75,
  priority: 'medium',
  timeframe: '1day',
  direction: null,
  price: 185.5,
  volume: null,
  levels: [150.25],
  expires_at: null,
  market_context: null,
  real_time: false,
  daily_context: null,
  intraday_trigger: null,
  correlation_strength: null,
  tags: [],
};

/** A pattern as the bridge posts it. */
export function ingestPattern(changes: Changes = {}): TopicEvent {
  return { ...pattern, hops: { bridge_at_ms: 1 }, market_session: null, ...changes } as TopicEvent;
}

/** A pattern as it stands on a tape. */
export function patternEvent(changes: Changes = {}): Event {
  return {
    ...pattern,
    seq: 1,
    hops: { bridge_at_ms: 1, edge_at_ms: 2, hub_at_ms: 3 },
    market_session: 'regular',
    session_origin: 'calendar',
    ...changes,
  } as Event;
}

/** An event of another kind as it stands on a tape; `changes` bring what the kind has. */
export function otherEvent(kind: string, changes: Changes = {}): Event {
  return {
    ...common,
    seq: 1,
    hops: { bridge_at_ms: 1, edge_at_ms: 2, hub_at_ms: 3 },
    kind,
    ...changes,
  } as unknown as Event;
}

/** One POST of the bridge. */
export function ingestBatch(changes: Changes = {}): IngestBatch {
  return {
    bridge_id: 'b-1',
    batch_id: 1,
    topic: 'daily',
    sent_at_ms: 1,
    covers: { from_ms: 0, to_ms: 1 },
    events: [ingestPattern()],
    rejects: [],
    gaps: [],
    ...changes,
  } as IngestBatch;
}

/** What `matches` reads of a pattern, for filters to be tried on. */
export const MATCHABLE = {
  kind: 'pattern',
  pattern_type: 'BreakoutBO',
  symbol: 'AAPL',
  timeframe: '1day',
  market_session: 'regular',
  confidence: 0.75,
  priority: 'medium',
} as const;
