import type { PatternEvent } from '../../../shared/events.ts';
import type { PatternEntry } from '../../live/entry.ts';
import { patternName, timeframeWords } from '../../live/pattern-names.ts';
import { confidenceWords, directionWords, priceWords } from '../../live/words.ts';

/** A row as a line of text, for pasting elsewhere: `NVDA VWAP Break 5m up 87 at 182.50, 2026-11-20T14:36:15.250Z (intraday)`. */
export function rowWords({ event, count }: PatternEntry): string {
  const words = [
    event.symbol,
    patternName(event.pattern_type),
    event.timeframe !== null && timeframeWords(event.timeframe),
    directionWords(event.direction).word,
    confidenceWords(event.confidence).percent,
    event.price !== null && `at ${priceWords(event.price)}`,
    count > 1 && `×${count}`,
  ].filter(Boolean);
  return `${words.join(' ')}, ${event.detected_at} (${event.tier})`;
}

/** Whether two events are firings of the same thing: what a grouped row holds together. */
export function isSameThing(a: PatternEvent, b: PatternEvent): boolean {
  return (
    a.symbol === b.symbol &&
    a.pattern_type === b.pattern_type &&
    a.timeframe === b.timeframe &&
    a.direction === b.direction
  );
}
