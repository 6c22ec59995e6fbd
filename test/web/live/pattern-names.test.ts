import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternName, timeframeWords } from '../../../web/live/pattern-names.ts';
import { DAILY_TIMEFRAMES, INTRADAY_TIMEFRAMES } from '../../simulator/catalogue.ts';

describe('a pattern type', () => {
  it.each([
    ['BreakoutBO', 'Breakout BO'],
    ['WeeklyBO', 'Weekly BO'],
    ['Weekly_Breakout', 'Weekly Breakout'],
    ['MACrossover', 'MA Crossover'],
    ['VWAP_Break', 'VWAP Break'],
    ['RSI_Divergence', 'RSI Divergence'],
    ['price_movement', 'Price movement'],
    ['TrendReversal', 'Trend Reversal'],
    ['Doji', 'Doji'],
    ['double-top', 'Double top'],
    ['Top10Gainers', 'Top10 Gainers'],
  ])('%s reads %s', (sent, name) => {
    expect(patternName(sent)).toBe(name);
  });

  it('that is no identifier stays as it was sent', () => {
    for (const sent of ['<img src=x onerror=alert(1)>', 'Kopf & Schulter', 'نمط الراية', '🚀🚀', '_', ' ']) {
      expect(patternName(sent)).toBe(sent);
    }
  });

  it('keeps every letter', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,30}$/), sent => {
        const letters = (text: string) => text.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
        expect(letters(patternName(sent))).toBe(letters(sent));
        expect(patternName(sent)).toBe(patternName(sent).trim());
      }),
    );
  });
});

describe('a timeframe', () => {
  it('of the producer is told in short', () => {
    expect(INTRADAY_TIMEFRAMES.map(timeframeWords)).toEqual(['1m', '5m', '15m', '1h']);
    expect(DAILY_TIMEFRAMES.map(timeframeWords)).toEqual(['1d', '1d', '1w']);
  });

  it.each([
    ['5m', '5m'],
    ['30 minutes', '30m'],
    ['Hourly', '1h'],
    ['2 Hours', '2h'],
    ['2weeks', '2w'],
    ['monthly', '1mo'],
    ['tick', 'tick'],
    ['__proto__', '__proto__'],
  ])('%s reads %s', (sent, words) => {
    expect(timeframeWords(sent)).toBe(words);
  });
});
