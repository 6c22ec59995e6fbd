import { expect, it } from 'vitest';
import { millisecondWords } from '../../../../web/app/header/latency-words.ts';

it.each([
  [84.4, false, '84'],
  [1_204, true, '~1,204'],
])('tells %d ms (rough: %s) as %s', (ms, isRough, words) => {
  expect(millisecondWords(ms, isRough)).toBe(words);
});
