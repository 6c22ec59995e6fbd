import { describe, expect, it } from 'vitest';
import { durationWords, spreadWords } from '../../../../web/app/header/latency-words.ts';

describe('how long something took', () => {
  it.each([
    [84.4, false, '84 ms'],
    [-3, false, '-3 ms'],
    [1_204, true, '~1,204 ms'],
    [9_999, false, '9,999 ms'],
    [12_400, true, '~12 s'],
    [3 * 3_600_000, false, '3 h'],
  ])('%d ms (rough: %s) is %s', (ms, isRough, words) => {
    expect(durationWords(ms, isRough)).toBe(words);
  });
});

describe('median and 95th percentile', () => {
  it('name the unit once where both have it', () => {
    expect(spreadWords({ p50: 84, p95: 132 }, false)).toBe('84/132 ms');
    expect(spreadWords({ p50: 84, p95: 132 }, true)).toBe('~84/132 ms');
  });
  it('name both where they differ', () => {
    expect(spreadWords({ p50: 84, p95: 12_000 }, false)).toBe('84 ms/12 s');
    expect(spreadWords({ p50: 12_000, p95: 2 * 86_400_000 }, true)).toBe('~12 s/2 d');
  });
});
