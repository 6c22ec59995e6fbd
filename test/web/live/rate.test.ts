import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rate } from '../../../web/live/rate.ts';

const START_MS = 1_795_000_000_000;

describe('a rate', () => {
  it('counts over the second under way and those before', () => {
    const rate = new Rate();
    rate.add(START_MS, 3);
    rate.add(START_MS + 1_000, 2);
    rate.add(START_MS + 2_500);
    expect([0, 1, 2].map(seconds => rate.over(seconds, START_MS + 2_900))).toEqual([1, 3, 6]);
  });

  it('forgets what is more than a minute ago', () => {
    const rate = new Rate();
    rate.add(START_MS, 3);
    expect(rate.over(60, START_MS + 60_999)).toBe(3);
    expect(rate.over(60, START_MS + 61_000)).toBe(0);
  });

  it('is exceeded when each of the whole seconds before had more', () => {
    const rate = new Rate();
    for (const second of [0, 1, 2]) rate.add(START_MS + second * 1_000, 9);
    expect(rate.exceeded(8, 3, START_MS + 2_999)).toBe(false);
    expect(rate.exceeded(8, 3, START_MS + 3_000)).toBe(true);
    expect(rate.exceeded(9, 3, START_MS + 3_000)).toBe(false);
    expect(rate.exceeded(8, 3, START_MS + 4_000)).toBe(false);
  });

  it('counts on when the clock is set back', () => {
    const rate = new Rate();
    rate.add(START_MS, 3);
    rate.add(START_MS - 3_600_000, 2);
    expect(rate.over(60, START_MS)).toBe(5);
  });

  it('counts as from scratch, whenever things happen', () => {
    const times = fc.array(fc.nat(120_000), { maxLength: 60 }).map(all => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 60 }), fc.nat(130_000), (all, seconds, laterMs) => {
        const rate = new Rate();
        for (const ms of all) rate.add(START_MS + ms);
        const nowMs = START_MS + Math.max(all.at(-1) ?? 0, laterMs);
        const since = Math.floor(nowMs / 1_000) - seconds;
        expect(rate.over(seconds, nowMs)).toBe(all.filter(ms => Math.floor((START_MS + ms) / 1_000) >= since).length);
      }),
    );
  });
});
