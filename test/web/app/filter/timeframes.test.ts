import { describe, expect, it } from 'vitest';
import { groupTimeframes, timeframeLabel, timeframeSpellings } from '../../../../web/app/filter/timeframes.ts';

describe('timeframes', () => {
  it.each([
    ['5m', '5m'],
    ['5min', '5m'],
    ['5 Minutes', '5m'],
    ['60min', '1h'],
    ['hourly', '1h'],
    ['1hour', '1h'],
    ['Daily', '1d'],
    ['1day', '1d'],
    ['weekly', '1w'],
    ['1M', '1mo'],
    ['1m', '1m'],
    ['monthly', '1mo'],
    ['30sec', '30s'],
  ])('%s is %s', (word, label) => {
    expect(timeframeLabel(word)).toBe(label);
  });

  it.each(['', 'm', '0m', 'M5', '5 lightyears', 'combo', '12345m'])('%j is none', word => {
    expect(timeframeLabel(word)).toBeNull();
    expect(timeframeSpellings(word)).toBeNull();
  });

  it('have the same spellings whichever of them is typed', () => {
    for (const word of ['5m', '1h', '1d', '1w', '1mo', '10s']) {
      const spellings = timeframeSpellings(word)!;
      expect(spellings).toContain(word);
      expect(new Set(spellings).size).toBe(spellings.length);
      for (const spelling of spellings) expect(timeframeSpellings(spelling)).toEqual(spellings);
    }
    expect(timeframeSpellings('1h')).toEqual(expect.arrayContaining(['1hour', '60min', 'hourly']));
  });

  it('stand under one label when all spellings are listed, else each for itself', () => {
    const listed = [...timeframeSpellings('1h')!, ...timeframeSpellings('5m')!, '1min', 'odd'];
    expect(groupTimeframes(listed).map(({ label, isExact }) => [label, isExact])).toEqual([
      ['5m', false],
      ['1h', false],
      ['1min', true],
      ['odd', true],
    ]);
    expect(groupTimeframes([])).toEqual([]);
  });
});
