import { describe, expect, it } from 'vitest';
import { Glow } from '../../../web/live/glow.ts';

describe('a row glows', () => {
  it('once for each time it is new', () => {
    const glow = new Glow();
    glow.fired('a', 1, 0);
    expect([glow.take('a'), glow.take('a'), glow.take('b')]).toEqual([true, false, false]);
  });

  it('at most once in 3 s', () => {
    const glow = new Glow();
    glow.fired('a', 1, 0);
    glow.painted(0);
    glow.fired('a', 1, 2_999);
    expect(glow.take('a')).toBe(false);
    glow.fired('a', 1, 3_000);
    expect(glow.take('a')).toBe(true);
  });

  it('not above five rows a second', () => {
    const glow = new Glow();
    glow.fired('a', 5.5, 0);
    glow.fired('b', 5, 0);
    expect([glow.take('a'), glow.take('b')]).toEqual([false, true]);
  });

  it('not when it was out of sight while it was new', () => {
    const glow = new Glow();
    glow.fired('a', 1, 0);
    glow.painted(16);
    expect(glow.take('a')).toBe(false);
  });

  it('again once it is forgotten, others not before', () => {
    const glow = new Glow();
    glow.fired('a', 1, 0);
    glow.fired('b', 1, 2_000);
    glow.painted(3_500);
    glow.fired('a', 1, 3_500);
    glow.fired('b', 1, 3_500);
    expect([glow.take('a'), glow.take('b')]).toEqual([true, false]);
  });
});
