import { isTier, type Tier } from '../../shared/topics.ts';
import { isText, type Levels, look } from './levels.ts';
import { cleanText } from './text.ts';

export interface ReadTier {
  tier: Tier;
  origin: 'explicit' | 'timeframe' | 'default';
  /** Words sent as a tier that are none, as sent. */
  words: string[];
}

/**
 * The tier of a pattern: a tier that was named, the nearest to the body first; else what the timeframe says, be it sent
 * as a tier (`hourly`); else an inner `source` that is a tier's name; else the channel's.
 */
export function readTier(levels: Levels, channelTier: Tier): ReadTier {
  const words: string[] = [];
  for (const { value } of levels) {
    if (!isText(value.tier)) continue;
    const sent = cleanText(value.tier).trim();
    const tier = tierNamed(sent);
    if (tier) return { tier, origin: 'explicit', words };
    if (sent !== '') words.push(sent);
  }
  const ofTimeframe = [...words, look(levels, ['timeframe'], isText)].map(tierOfTimeframe).find(tier => tier !== null);
  if (ofTimeframe) return { tier: ofTimeframe, origin: 'timeframe', words };
  const source = look(levels, ['source'], isTierName);
  if (source) return { tier: tierNamed(source)!, origin: 'explicit', words };
  return { tier: channelTier, origin: 'default', words };
}

/** Whether a `source` names a tier rather than a producer. */
export function isTierName(value: unknown): value is string {
  return isText(value) && tierNamed(value) !== null;
}

function tierNamed(word: string): Tier | null {
  const plain = word.trim().toLowerCase();
  if (plain === 'daily_intraday') return 'combo';
  return isTier(plain) ? plain : null;
}

const amountAndUnit = /^(?:\d+ ?)?([A-Za-z]+)$/;
const UNITS: ReadonlyMap<string, Tier> = new Map([
  ...['s', 'sec', 'second', 'seconds'].map(unit => [unit, 'intraday'] as const),
  ...['m', 'min', 'mins', 'minute', 'minutes'].map(unit => [unit, 'intraday'] as const),
  ...['h', 'hr', 'hour', 'hours', 'hourly', 'intraday'].map(unit => [unit, 'intraday'] as const),
  ...['d', 'day', 'days', 'daily'].map(unit => [unit, 'daily'] as const),
  ...['w', 'wk', 'week', 'weeks', 'weekly'].map(unit => [unit, 'daily'] as const),
  ...['mo', 'month', 'months', 'monthly'].map(unit => [unit, 'daily'] as const),
]);

function tierOfTimeframe(timeframe: string | null): Tier | null {
  const unit = amountAndUnit.exec(timeframe?.trim() ?? '')?.[1];
  if (unit === undefined) return null;
  // The one unit whose case counts: 1m is a minute, 1M a month.
  return unit === 'M' ? 'daily' : (UNITS.get(unit.toLowerCase()) ?? null);
}
