import { beforeEach, describe, expect, it } from 'vitest';
import {
  isMuted,
  isStarred,
  MAX_STARS,
  mutes,
  readWords,
  stars,
  toggleMute,
  toggleStar,
} from '../../../../web/app/state/marks.ts';
import { patternEvent } from '../event.ts';

beforeEach(() => {
  stars.value = [];
  mutes.value = [];
});

describe('marks', () => {
  it('star a pattern so that it stays starred when it fires again', () => {
    expect(toggleStar(patternEvent())).toBe(true);
    expect(isStarred(patternEvent({ seq: 9, id: 'other', confidence: 0.5 }))).toBe(true);
    expect(isStarred(patternEvent({ timeframe: '1min' }))).toBe(false);
    expect(toggleStar(patternEvent({ seq: 10 }))).toBe(false);
    expect(isStarred(patternEvent())).toBe(false);
  });

  it('mute a symbol whatever its pattern', () => {
    expect(toggleMute('NVDA')).toBe(true);
    expect(isMuted(patternEvent({ pattern_type: 'Doji' }))).toBe(true);
    expect(isMuted(patternEvent({ symbol: 'TSLA' }))).toBe(false);
    expect(toggleMute('NVDA')).toBe(false);
    expect(isMuted(patternEvent())).toBe(false);
  });

  it('take no more when there are as many as are kept, and lose none', () => {
    stars.value = Array.from({ length: MAX_STARS }, (_, n) => `${n}`);
    expect(toggleStar(patternEvent())).toBeNull();
    expect(stars.value).toHaveLength(MAX_STARS);
    stars.value = stars.value.slice(1);
    expect(toggleStar(patternEvent())).toBe(true);
    expect(toggleStar(patternEvent())).toBe(false);
  });

  it.each([
    [undefined, undefined],
    ['NVDA', undefined],
    [{ 0: 'NVDA' }, undefined],
    [[], []],
    [
      ['A', 1, null, 'B', 'A', '', 'x'.repeat(401)],
      ['A', 'B'],
    ],
  ])('stored as %j are read as %j', (value, words) => {
    expect(readWords(value)).toEqual(words);
  });
});
