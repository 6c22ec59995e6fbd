import type { Detection, PatternShape } from './detection.ts';
import { SOURCE } from './detection.ts';
import { epochSeconds, isoNaive, isoNewYork, isoUtc, isoZero } from './times.ts';

/** What a message looks like besides the detection it carries. */
export interface Envelope {
  publishedMs: number;
  flowId: string;
  sessionId: string;
  /** Writes an intraday detection's time as New York's wall clock instead of UTC. */
  newYorkTime: boolean;
  levels: readonly number[];
}

/** A message body that carries one detection, by shape. All shapes are in use at once. */
export const SHAPES = {
  flat: (d, { publishedMs }) => ({
    source: SOURCE,
    timestamp: epochSeconds(publishedMs),
    pattern: d.pattern,
    symbol: d.symbol,
    confidence: d.confidence,
    tier: d.tier,
    ...timeframe(d),
    direction: d.direction,
    event_id: d.eventId,
    detection_timestamp: epochSeconds(d.detectedMs),
    ...builtOn(d),
    metadata: { volume_surge: 2.1 },
  }),

  nested: (d, { publishedMs, flowId }) => ({
    event_type: 'pattern_detected',
    source: SOURCE,
    timestamp: epochSeconds(publishedMs),
    data: {
      symbol: d.symbol,
      pattern: d.pattern,
      confidence: d.confidence,
      flow_id: flowId,
      event_id: d.eventId,
      tier: d.tier,
      ...timeframe(d),
      direction: d.direction,
      ...builtOn(d),
      current_price: d.price,
      volume: d.volume,
      timestamp: epochSeconds(d.detectedMs),
    },
  }),

  double: (d, { flowId }) => ({
    event_type: 'pattern_detected',
    source: SOURCE,
    flow_id: flowId,
    timestamp: isoNaive(d.detectedMs),
    data: {
      event_type: 'pattern_detected',
      flow_id: flowId,
      tier: d.tier,
      data: {
        pattern: d.pattern,
        symbol: d.symbol,
        confidence: d.confidence,
        ...timeframe(d),
        direction: d.direction,
        event_id: d.eventId,
        current_price: d.price,
        source: d.tier,
        ...builtOn(d),
        indicators: { rsi: 65.5 },
        metadata: {},
      },
    },
  }),

  wrapped: (d, { publishedMs, levels }) => ({
    event_type: 'pattern_detected',
    pattern_data: {
      symbol: d.symbol,
      pattern_type: d.pattern,
      confidence: d.confidence,
      ...timeframe(d),
      event_id: d.eventId,
      detection_timestamp: isoUtc(d.detectedMs),
      expiration_date: isoUtc(d.detectedMs + 3 * 86_400_000),
      levels,
    },
    tier: d.tier,
    market_session: 'post_market',
    timestamp: isoUtc(publishedMs),
    source: SOURCE,
  }),

  versioned: (d, { publishedMs }) => ({
    event_type: 'pattern_detected',
    event_id: d.eventId,
    published_at: isoUtc(publishedMs),
    source: SOURCE,
    version: '1.0',
    pattern_id: 1,
    pattern_name: d.pattern,
    risk_level: 'medium',
    symbol: d.symbol,
    timestamp: isoUtc(d.detectedMs),
    price: d.price,
    volume: d.volume,
    confidence: d.confidence,
    ...timeframe(d),
  }),

  ticker: d => ({
    event_type: 'pattern_detected',
    ticker: d.symbol,
    pattern_type: d.pattern,
    confidence: d.confidence,
    timestamp: epochSeconds(d.detectedMs),
    source: SOURCE,
  }),

  streaming: (d, { sessionId, newYorkTime }) => ({
    type: 'streaming_pattern',
    source: SOURCE,
    session_id: sessionId,
    detection: streamed(d, newYorkTime),
  }),

  streaming_flat: (d, { sessionId, newYorkTime }) => ({
    event: 'streaming_pattern',
    source: SOURCE,
    session_id: sessionId,
    ...streamed(d, newYorkTime),
  }),

  payload: (d, { publishedMs, flowId }) => ({
    event: 'pattern_detected',
    timestamp: isoUtc(publishedMs),
    source: SOURCE,
    version: '1.0',
    payload: {
      symbol: d.symbol,
      pattern: d.pattern,
      ...timeframe(d),
      confidence: d.confidence,
      event_id: d.eventId,
      detected_at: isoUtc(d.detectedMs),
      pattern_data: { entry_price: d.price, stop_loss: cents(d.price * 0.98), target_price: cents(d.price * 1.05) },
      levels: [{ type: 'support', value: cents(d.price * 0.99) }],
      run_id: flowId,
    },
  }),
} satisfies Record<Exclude<PatternShape, 'batch'>, (d: Detection, envelope: Envelope) => object>;

/** A message body that carries many, as the streaming engine sends them. */
export function streamingBatch(detections: readonly Detection[], { publishedMs, newYorkTime }: Envelope): object {
  return {
    type: 'streaming_patterns_batch',
    source: SOURCE,
    patterns: detections.map(d => streamed(d, newYorkTime)),
    count: detections.length,
    batch_timestamp: isoUtc(publishedMs),
  };
}

function streamed(d: Detection, newYorkTime: boolean): object {
  return {
    symbol: d.symbol,
    pattern: d.pattern,
    confidence: d.confidence,
    timestamp: newYorkTime ? isoNewYork(d.detectedMs) : isoZero(d.detectedMs),
    parameters: {},
    ...timeframe(d),
    direction: d.direction,
    event_id: d.eventId,
    bar_data: {
      open: cents(d.price * 0.999),
      high: cents(d.price * 1.001),
      low: cents(d.price * 0.998),
      close: d.price,
      volume: d.volume,
    },
    metadata: { pattern_id: 1 },
  };
}

function timeframe(d: Detection): object {
  return d.timeframe === null ? {} : { timeframe: d.timeframe };
}

function builtOn({ builtOn: parts }: Detection): object {
  if (!parts) return {};
  return {
    daily_context: part(parts.daily),
    intraday_trigger: part(parts.intraday),
    correlation_strength: parts.correlation,
  };
}

function part(d: Detection): object {
  return {
    event_id: d.eventId,
    symbol: d.symbol,
    pattern: d.pattern,
    timeframe: d.timeframe,
    confidence: d.confidence,
    detected_at: isoUtc(d.detectedMs),
  };
}

function cents(price: number): number {
  return Math.round(price * 100) / 100;
}
