import { describe, expect, it } from 'vitest';
import { badgeWords, countdownWords, countWords, rateWords, shareWords } from '../../../web/app/words.ts';

describe('words', () => {
  it.each([
    [0, '0'],
    [3_102, '3,102'],
  ])('for a count of %i: %s', (count, words) => {
    expect(countWords(count)).toBe(words);
  });
  it.each([
    [{ perMinute: 0, perSecond: 0 }, '0/min'],
    [{ perMinute: 12.4, perSecond: 1 }, '12/min'],
    [{ perMinute: 60, perSecond: 1.23 }, '1.2/s'],
    [{ perMinute: 6_000, perSecond: 99.6 }, '100/s'],
    [{ perMinute: 600, perSecond: 9.96 }, '10/s'],
  ])('for a rate of %j: %s', (rate, words) => {
    expect(rateWords(rate)).toBe(words);
  });
  it.each([
    [null, '–'],
    [0, '0%'],
    [0.614, '61%'],
    [1, '100%'],
  ])('for a share of %s: %s', (share, words) => {
    expect(shareWords(share)).toBe(words);
  });
  it.each([
    [-5, '0:00'],
    [1, '0:01'],
    [245_000, '4:05'],
    [3_600_000, '1:00:00'],
    [5_025_000, '1:23:45'],
    [(2 * 24 + 3) * 3_600_000, '2 d 3 h'],
  ])('for waiting %i ms: %s', (waitMs, words) => {
    expect(countdownWords(waitMs)).toBe(words);
  });
  it.each([
    [7, '7'],
    [99, '99'],
    [100, '99+'],
  ])('for a badge of %i: %s', (count, words) => {
    expect(badgeWords(count)).toBe(words);
  });
});
