import type { Tier } from '../../shared/topics.ts';

/** A pattern as the producer names it, with what it says besides. */
export interface CataloguedPattern {
  name: string;
  direction: 'bullish' | 'bearish' | 'neutral';
}

const bullish = (name: string): CataloguedPattern => ({ name, direction: 'bullish' });
const bearish = (name: string): CataloguedPattern => ({ name, direction: 'bearish' });
const neutral = (name: string): CataloguedPattern => ({ name, direction: 'neutral' });

/** Every pattern name seen from the producer, under the tiers it comes in. Several appear in more than one. */
export const PATTERNS: Record<Tier, readonly CataloguedPattern[]> = {
  daily: [
    bullish('BreakoutBO'),
    bullish('BreakoutDaily'),
    bullish('WeeklyBO'),
    bullish('Weekly_Breakout'),
    bullish('Bull_Flag'),
    bullish('Support'),
    bullish('MACrossover'),
    bullish('BullishEngulfing'),
    bullish('Hammer'),
    neutral('Doji'),
    neutral('price_movement'),
  ],
  intraday: [
    bullish('Volume_Spike'),
    bullish('VWAP_Break'),
    bearish('RSI_Divergence'),
    neutral('PriceChange'),
    neutral('Doji'),
    bullish('Hammer'),
    bullish('BreakoutBO'),
    bearish('Trend_Break'),
  ],
  combo: [
    bullish('Setup_Confirmation'),
    bearish('Trend_Break'),
    bullish('Daily_Entry'),
    bearish('TrendReversal'),
    bullish('SurgePattern'),
  ],
};

/** Timeframes of the intraday tier, the shortest first and most often. */
export const INTRADAY_TIMEFRAMES = ['1min', '5min', '15min', '1hour'] as const;
/** What the producer calls the daily tier's timeframes. */
export const DAILY_TIMEFRAMES = ['daily', '1day', 'weekly'] as const;
