import { describe, expect, it } from 'vitest';
import { durationWords, hopsOf } from '../../../../web/app/detail/hops.ts';
import { isSameThing, rowWords } from '../../../../web/app/detail/row-words.ts';
import { patternEntry, patternEvent } from '../event.ts';

const AT_MS = Date.parse('2026-11-20T14:36:15.250Z');

describe('the way of an event', () => {
  it('has a duration for each step after the first', () => {
    const event = patternEvent({
      hops: {
        published_at_ms: AT_MS + 47,
        bridge_at_ms: AT_MS + 56,
        edge_at_ms: AT_MS + 60,
        hub_at_ms: AT_MS + 59,
      },
    });
    expect(hopsOf(event).map(({ name, tookMs }) => [name, tookMs])).toEqual([
      ['Detected by the producer', null],
      ['Published on Redis', 47],
      ['Received by the bridge', 9],
      ['Received at the edge', 4],
      ['Kept by the hub', -1],
    ]);
  });

  it('leaves out what is not known', () => {
    const hops = { bridge_at_ms: AT_MS, edge_at_ms: AT_MS + 1, hub_at_ms: AT_MS + 2 };
    expect(hopsOf(patternEvent({ time_origin: 'received', hops })).map(({ tookMs }) => tookMs)).toEqual([null, 1, 1]);
    expect(hopsOf(patternEvent({ detected_at: 'never', hops }))).toHaveLength(3);
  });

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
