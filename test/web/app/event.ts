import type { PatternEvent } from '../../../shared/events.ts';
import type { PatternEntry } from '../../../web/live/entry.ts';

/** A stored pattern of the intraday tier, but for what is given. */
export function patternEvent(overrides: Partial<PatternEvent> = {}): PatternEvent {
  return {
    v: 1,
    kind: 'pattern',
    seq: 1,
    id: 'id-1',
    detected_at: '2026-11-20T14:36:15.250Z',
    time_origin: 'zoned',
    source: 'TickStockPL',
    channel: 'tickstock.events.patterns',
    shape: 'nested',
    flow_id: null,
    producer_id: null,
    data: {},
    hops: { bridge_at_ms: 1, edge_at_ms: 2, hub_at_ms: 3 },
    context: null,
    tier: 'intraday',
    tier_origin: 'explicit',
    pattern_type: 'VWAP_Break',
    symbol: 'NVDA',
    confidence: 0.87,
    priority: 'high',
    timeframe: '5min',
    direction: 'bullish',
    price: 182.5,
    volume: 120_000,
    levels: null,
    expires_at: null,
    market_session: 'regular',
    session_origin: 'calendar',
    market_context: null,
    real_time: true,
    daily_context: null,
    intraday_trigger: null,
    correlation_strength: null,
    tags: ['high_confidence'],
    ...overrides,
  } as PatternEvent;
}

/** A row that shows it. */
export function patternEntry(
  event: Partial<PatternEvent> = {},
  { type: _, ...overrides }: Partial<PatternEntry> = {},
): PatternEntry {
  const made = patternEvent(event);
  const detectedAtMs = Date.parse(made.detected_at);
  return {
    type: 'pattern',
    key: `intraday-0-${made.seq}`,
    epoch: 'e1',
    event: made,
    count: 1,
    change: 0,
    firstAtMs: detectedAtMs,
    detectedAtMs,
    ...overrides,
  };
}
