import type { IngestEvent, IngestPattern } from '../../../shared/events.ts';
import type { HubBatch } from '../../../workers/hub/intake.ts';

let made = 0;

/** A pattern event as a bridge posts it; each has an id of its own unless one is given. */
export function pattern(overrides: Partial<IngestPattern> = {}): IngestPattern {
  made++;
  return {
    v: 1,
    id: `event-${made}`,
    kind: 'pattern',
    detected_at: new Date(Date.now()).toISOString(),
    time_origin: 'zoned',
    source: 'TickStockPL',
    channel: 'tickstock.events.patterns',
    shape: 'flat',
    flow_id: null,
    producer_id: null,
    data: {},
    context: null,
    hops: { bridge_at_ms: Date.now() },
    tier: 'daily',
    tier_origin: 'explicit',
    pattern_type: 'BreakoutBO',
    symbol: 'AAPL',
    confidence: 0.7,
    priority: 'medium',
    timeframe: null,
    direction: null,
    price: null,
    volume: null,
    levels: null,
    expires_at: null,
    market_session: null,
    market_context: null,
    real_time: overrides.tier === 'intraday',
    daily_context: null,
    intraday_trigger: null,
    correlation_strength: null,
    tags: [],
    ...overrides,
  };
}

/** The fields that every kind of event has, of an event of any kind. */
export function common(overrides: Partial<IngestEvent> = {}) {
  const { v, id, detected_at, time_origin, source, channel, shape, flow_id, producer_id, data, context, hops } =
    pattern();
  return {
    v,
    id,
    detected_at,
    time_origin,
    source,
    channel,
    shape,
    flow_id,
    producer_id,
    data,
    context,
    hops,
    ...overrides,
  };
}

/** How an event came that a test puts onto a tape itself. */
export const ORIGIN = { bridgeId: 'test-bridge', batchId: 1, rules: [], receivedId: null };

let batches = 0;

/** A batch as the Worker hands it to a hub. */
export function batchOf(events: IngestEvent[], overrides: Partial<HubBatch> = {}): HubBatch {
  batches++;
  return {
    bridge_id: 'test-bridge',
    batch_id: batches,
    covers: null,
    events,
    rejects: [],
    gaps: [],
    sent_at_ms: Date.now(),
    worker_ahead_ms: 0,
    edge_at_ms: Date.now(),
    ...overrides,
  };
}
