import { describe, expect, it } from 'vitest';
import {
  hiddenWords,
  holdWords,
  newWords,
  relatedWords,
  withheldWords,
} from '../../../../web/app/column/status-words.ts';
import { successWords } from '../../../../web/app/column/success-words.ts';

describe('what came in while a column stands still', () => {
  it.each([
    [{ count: 1, strong: 0 }, '1 new'],
    [{ count: 1_037, strong: 2 }, '1,037 new, 2 above 90'],
  ])('%j', (told, words) => {
    expect(newWords(told)).toBe(words);
  });
});

describe('why a column stands still', () => {
  it.each([
    ['following', null, null],
    ['paused', 'pointer', 'Paused'],
    ['held', 'pointer', 'Held: pointer over the rows'],
    ['held', 'scroll', 'Held: scrolled away'],
    ['held', 'focus', 'Held: reading with the keyboard'],
    ['held', 'selection', 'Held: text is selected'],
    ['held', 'menu', 'Held: a menu is open'],
    ['held', 'toggle', 'Held'],
    ['held', null, 'Held'],
  ] as const)('%s by %s', (hold, holdReason, words) => {
    expect(holdWords({ hold, holdReason })).toBe(words);
  });
});

describe('what was withheld', () => {
  it('is told with the limit, how many, and over how long', () => {
    expect(withheldWords({ rateLimited: 37, skipped: 0, sinceMs: 0 }, 100, 10_000)).toBe(
      'Over 100/s: 37 not sent in 10 s',
    );
  });
  it('is told by both causes', () => {
    expect(withheldWords({ rateLimited: 1_000, skipped: 5, sinceMs: 0 }, 100, 61_000)).toBe(
      'Over 100/s: 1,000 not sent. Read too slowly: 5 skipped in 1 min',
    );
  });
  it('is told without a limit that nobody has said, over at least a second', () => {
    expect(withheldWords({ rateLimited: 1, skipped: 0, sinceMs: 10 }, null, 10)).toBe(
      'Over the limit: 1 not sent in 1 s',
    );
  });
});

describe('what is hidden', () => {
  it.each([
    [{ local: 0, muted: 0 }, null],
    [{ local: 38, muted: 3 }, '41 hidden: 38 by local filters, 3 muted'],
    [{ local: 0, muted: 3 }, '3 hidden: 3 muted'],
    [{ local: 1, muted: 0 }, '1 hidden: 1 by local filters'],
  ])('%j', (hidden, words) => {
    expect(hiddenWords(hidden)).toBe(words);
  });
});

describe('what is related', () => {
  it.each([
    [{ count: 2, above: 1 }, '2 related, 1 above'],
    [{ count: 0, above: 0 }, '0 related'],
  ])('%j', (related, words) => {
    expect(relatedWords(related)).toBe(words);
  });
});

describe('how patterns have done', () => {
  const rates = (one: [number, number | null], five: [number, number | null]) => ({
    patterns: 1,
    by_pattern_type: [],
    success: {
      '1d': { n: one[0], rate: one[1] },
      '5d': { n: five[0], rate: five[1] },
      '30d': { n: 9, rate: 1 },
    },
  });
  it('is not known before the server has said so', () => {
    expect(successWords(undefined)).toBe('won –');
  });
  it('is nothing where the producer sent no outcome, or the hub did not answer', () => {
    expect(successWords(rates([0, null], [0, null]))).toBe('won n/a');
    expect(successWords({ error: 'no answer' })).toBe('won n/a');
  });
  it('is told with how many it rests on', () => {
    expect(successWords(rates([1_412, 0.614], [300, 0.68]))).toBe('won 1d 61% 5d 68% n=1,412');
    expect(successWords(rates([0, null], [3, 1]))).toBe('won 5d 100% n=3');
  });
});
