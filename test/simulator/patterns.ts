import type { Tier } from '../../shared/topics.ts';
import { DAILY_TIMEFRAMES, INTRADAY_TIMEFRAMES, PATTERNS } from './catalogue.ts';
import type { Detection, Message, PatternShape } from './detection.ts';
import { type Envelope, SHAPES, streamingBatch } from './pattern-shapes.ts';
import type { Prices } from './prices.ts';
import { createPublished } from './published.ts';
import { type Random, uuidFrom } from './random.ts';
import { SYMBOLS } from './symbols.ts';

/** The messages that carry patterns. */
export interface Patterns {
  /** The next message, published at `atMs`; a batch carries several detections. */
  next(atMs: number): Message;
  /** What the producer publishes again on the channel of strong detections, or null. */
  copyOf(message: Message): Message | null;
}

/** Of 100 detections so many are of each tier. */
const TIER_SHARE = { daily: 0.25, intraday: 0.6, combo: 0.15 };
const REFIRE_SHARE = 0.2;
/** Intraday detections on a symbol with a daily one, which combos can build on. */
const FOLLOW_DAILY_SHARE = 0.35;
const MAX_BATCH = 12;
const STRONG = 0.8;
const STREAMING_CHANNEL = 'tickstock:patterns:streaming';
const STRONG_CHANNEL = 'tickstock:patterns:detected';

const SHAPES_OF: Record<Tier, readonly PatternShape[]> = {
  daily: ['flat', 'nested', 'double', 'wrapped', 'versioned', 'ticker', 'payload'],
  intraday: ['streaming', 'streaming', 'streaming', 'streaming_flat', 'batch', 'nested', 'flat'],
  combo: ['flat', 'nested', 'double'],
};

export function createPatterns(random: Random, prices: Prices, sessionId: () => string): Patterns {
  const published = createPublished(random);

  return {
    next(atMs) {
      const tier = pickTier();
      const shape = random.pick(SHAPES_OF[tier]);
      const count = shape === 'batch' ? 2 + random.below(MAX_BATCH - 1) : 1;
      // Not two at the same millisecond: the parts of a batch are told apart by their time.
      const newestMs = atMs - 2 - random.below(40);
      const detections = Array.from({ length: count }, (_, i) => detected(tier, shape, newestMs - i));
      for (const detection of detections) published.add(detection);
      return written(shape, detections, atMs);
    },

    copyOf({ channel, raw, truth }) {
      const [detection] = truth.detections;
      if (channel !== STREAMING_CHANNEL || truth.is === 'batch' || detection!.confidence < STRONG) return null;
      return { channel: STRONG_CHANNEL, raw, truth: { ...truth, copy: true } };
    },
  };

  function pickTier(): Tier {
    const share = random.next();
    if (share < TIER_SHARE.daily) return 'daily';
    return share < 1 - TIER_SHARE.combo || !published.pair() ? 'intraday' : 'combo';
  }

  function detected(tier: Tier, shape: PatternShape, detectedMs: number): Detection {
    const builtOn =
      tier === 'combo' ? { ...published.pair()!, correlation: thousandth(random.between(0.5, 0.98)) } : null;
    const refired = builtOn || shape === 'ticker' || !random.chance(REFIRE_SHARE) ? null : published.recent(tier);
    const pattern = random.pick(PATTERNS[tier]);
    const symbol = builtOn?.daily.symbol ?? refired?.symbol ?? pickSymbol(tier);
    return {
      eventId: shape === 'ticker' ? null : uuidFrom(random),
      tier,
      pattern: refired?.pattern ?? pattern.name,
      symbol,
      confidence: refired ? near(refired.confidence) : confidence(),
      detectedMs,
      timeframe: timeframeOf(tier, shape, refired),
      direction: refired?.direction ?? pattern.direction,
      price: prices.at(symbol, detectedMs),
      volume: 1_000 * (50 + random.below(5_000)),
      builtOn,
    };
  }

  /** Busy symbols more often than quiet ones. */
  function pickSymbol(tier: Tier): string {
    const followed = tier === 'intraday' && random.chance(FOLLOW_DAILY_SHARE) ? published.recent('daily') : null;
    return followed?.symbol ?? SYMBOLS[Math.floor(SYMBOLS.length * random.next() ** 2)]!;
  }

  /** Between 0.5 and 0.99, mostly around 0.75. */
  function confidence(): number {
    return thousandth(0.5 + 0.245 * (random.next() + random.next()));
  }

  function near(known: number): number {
    return thousandth(Math.min(0.99, Math.max(0.5, known + random.between(-0.05, 0.05))));
  }

  function timeframeOf(tier: Tier, shape: PatternShape, refired: Detection | null): string | null {
    if (shape === 'ticker' || tier === 'combo') return null;
    if (refired?.timeframe) return refired.timeframe;
    if (tier === 'daily') return shape === 'payload' ? '1day' : random.pick(DAILY_TIMEFRAMES);
    return INTRADAY_TIMEFRAMES[Math.floor(INTRADAY_TIMEFRAMES.length * random.next() ** 2)]!;
  }

  function written(shape: PatternShape, detections: readonly Detection[], publishedMs: number): Message {
    const [detection] = detections as [Detection];
    const envelope: Envelope = {
      publishedMs,
      flowId: uuidFrom(random),
      sessionId: sessionId(),
      newYorkTime: random.chance(0.3),
      levels: [0.98, 1.01, 1.04].map(factor => Math.round(detection.price * factor * 100) / 100),
    };
    const body = shape === 'batch' ? streamingBatch(detections, envelope) : SHAPES[shape](detection, envelope);
    return {
      channel: channelOf(shape, detection.tier),
      raw: JSON.stringify(body),
      truth: { is: shape, detections, rejects: [], copy: false },
    };
  }

  function channelOf(shape: PatternShape, tier: Tier): string {
    if (shape === 'streaming' || shape === 'streaming_flat' || shape === 'batch') return STREAMING_CHANNEL;
    if (shape === 'payload') return STRONG_CHANNEL;
    if (shape === 'versioned') return random.pick(['tickstock.events.patterns', 'tickstock.events.patterns.detection']);
    if (shape === 'ticker') return 'tickstock.events.patterns';
    return random.pick(['tickstock.events.patterns', `tickstock.events.patterns.${tier}`]);
  }
}

function thousandth(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
