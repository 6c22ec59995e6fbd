import type { Filter } from '../../shared/filter.ts';
import type { Tier } from '../../shared/topics.ts';

/** The clients of every plan: what they follow, and what of it they ask for. */
export const FOLLOWERS: readonly { name: string; tier: Tier; filter: Filter }[] = [
  { name: 'all daily', tier: 'daily', filter: {} },
  { name: 'one symbol', tier: 'daily', filter: { symbols: ['AAPL'] } },
  { name: 'all intraday', tier: 'intraday', filter: {} },
  { name: 'strong intraday', tier: 'intraday', filter: { confidence_min: 0.8, exclude_symbols: ['TSLA'] } },
  { name: 'combo patterns', tier: 'combo', filter: { pattern_types: ['BreakoutBO', 'Hammer'] } },
];

export const SYMBOLS = ['AAPL', 'MSFT', 'NVDA', 'TSLA'];
export const PATTERN_TYPES = ['BreakoutBO', 'Doji', 'Hammer'];
/** Passes every filter above. */
export const MARKER = { symbol: 'AAPL', pattern: 'BreakoutBO', confidence: 0.99 };
