import type { PatternEvent } from '../../../shared/events.ts';
import { patternName, timeframeWords } from '../../live/pattern-names.ts';
import { clockTime, dayWords, zoneWords } from '../../live/times.ts';
import { directionWords, percentOf } from '../../live/words.ts';
import { clock } from '../state/settings.ts';

/** Which event is meant: `NVDA VWAP Break 5m up 87, Nov 20 14:36:15 ET`. Reads signals. */
export function eventWords({
  symbol,
  pattern_type,
  timeframe,
  direction,
  confidence,
  detected_at,
}: PatternEvent): string {
  const words = [
    symbol,
    patternName(pattern_type),
    timeframe !== null && timeframeWords(timeframe),
    directionWords(direction).word,
    percentOf(confidence),
  ];
  return `${words.filter(word => word !== false && word !== '').join(' ')}, ${momentOf(detected_at)}`;
}

/** By the clock that the user has chosen: `Nov 20 14:36:15 ET`. Reads signals. */
export function momentOf(iso: string): string {
  const atMs = Date.parse(iso);
  return `${dayWords(atMs, clock.value)} ${clockTime(atMs, clock.value)} ${zoneWords(clock.value)}`;
}
