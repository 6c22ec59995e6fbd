import { expect, it } from 'vitest';
import { isTier, isTopic } from '../../shared/topics.ts';

it.each([
  ['daily', true, true],
  ['intraday', true, true],
  ['combo', true, true],
  ['system', false, true],
  ['Daily', false, false],
  ['toString', false, false],
  ['', false, false],
])('%j: a tier %s, a topic %s', (word, tier, topic) => {
  expect(isTier(word)).toBe(tier);
  expect(isTopic(word)).toBe(topic);
});
