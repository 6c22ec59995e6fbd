import { describe, expect, it } from 'vitest';
import { durationWords } from '../../../../web/app/detail/hops.ts';
import { isSameThing, rowWords } from '../../../../web/app/detail/row-words.ts';
import { patternEntry, patternEvent } from '../event.ts';

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [12.4, '12 ms'],
    [-3, '−3 ms'],
    [1_400, '1.4 s'],
    [-61_000, '−1 min'],
    [7_200_000, '2 h'],
  ])('tells %d ms as %s', (ms, words) => {
    expect(durationWords(ms)).toBe(words);
  });
});

describe('a row as text', () => {
  it('says what it is, in a line', () => {
    expect(rowWords(patternEntry())).toBe('NVDA VWAP Break 5m up 87 at 182.50, 2026-11-20T14:36:15.250Z (intraday)');
  });

  it('leaves out what was not sent, and counts firings', () => {
    const entry = patternEntry({ timeframe: null, direction: null, price: null, tier: 'daily' }, { count: 3 });
    expect(rowWords(entry)).toBe('NVDA VWAP Break 87 ×3, 2026-11-20T14:36:15.250Z (daily)');
  });
});

describe('firings of the same thing', () => {
  it('agree in symbol, pattern, timeframe and direction', () => {
    expect(isSameThing(patternEvent(), patternEvent({ seq: 2, id: 'x', confidence: 0.1 }))).toBe(true);
    for (const other of [{ symbol: 'A' }, { pattern_type: 'Doji' }, { timeframe: '1min' }, { direction: null }]) {
      expect(isSameThing(patternEvent(), patternEvent(other))).toBe(false);
    }
  });
});
