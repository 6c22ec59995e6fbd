import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingWindow, TokenBucket } from '../../workers/core/rate-limiter.ts';

describe('a budget of 100 events in any second', () => {
  it('lets 100 of 150 through at once, and 100 more a second later', () => {
    const window = new SlidingWindow(100);
    expect(pass(window, 0, 150)).toBe(100);
    expect(pass(window, 999, 150)).toBe(0);
    expect(pass(window, 1_000, 150)).toBe(100);
  });

  it('does not let twice as many through around a boundary', () => {
    const window = new SlidingWindow(100);
    expect(pass(window, 900, 100)).toBe(100);
    expect(pass(window, 1_100, 100)).toBe(0);
    expect(pass(window, 1_900, 100)).toBe(100);
  });

  it('gives back each piece a second after it was used', () => {
    const window = new SlidingWindow(100);
    pass(window, 0, 30);
    pass(window, 400, 30);
    pass(window, 400, 30);
    expect(window.available(999)).toBe(10);
    expect(window.available(1_000)).toBe(40);
    expect(window.available(1_400)).toBe(100);
  });

  it('counts nothing for a flush that sent nothing', () => {
    const window = new SlidingWindow(1);
    window.take(0, 0);
    expect(window.available(0)).toBe(1);
  });

  it('starves nobody when the clock is set back, and lets no more through for it', () => {
    const window = new SlidingWindow(100);
    pass(window, 3_600_000, 60);
    pass(window, 3_600_500, 40);
    expect(window.available(10_000)).toBe(0);
    expect(window.available(10_499)).toBe(0);
    expect(window.available(10_500)).toBe(60);
    expect(window.available(11_000)).toBe(100);
  });

  it('notes what is sent after the clock was set back at its new time', () => {
    const window = new SlidingWindow(100);
    pass(window, 5_000, 50);
    window.take(1_000, 50);
    expect(window.available(1_999)).toBe(0);
    expect(window.available(2_000)).toBe(100);
  });
});

it('a budget of 0 is no limit', () => {
  const window = new SlidingWindow(0);
  expect(pass(window, 0, 1_000_000)).toBe(1_000_000);
  expect(window.available(0)).toBe(Number.POSITIVE_INFINITY);
});

it('gives exactly what no second has used, whatever the rhythm', () => {
  const flush = fc.record({ afterMs: fc.oneof(fc.nat(20), fc.nat(1_200), fc.constant(1_000)), wanted: fc.nat(12) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.array(flush, { maxLength: 60 }), (limit, flushes) => {
      const window = new SlidingWindow(limit);
      const sent: number[] = [];
      let nowMs = 0;
      for (const { afterMs, wanted } of flushes) {
        nowMs += afterMs;
        const used = sent.filter(atMs => atMs > nowMs - 1_000).length;
        expect(window.available(nowMs)).toBe(limit - used);
        for (let left = pass(window, nowMs, wanted); left > 0; left--) sent.push(nowMs);
      }
      for (const fromMs of sent) {
        expect(sent.filter(atMs => atMs >= fromMs && atMs < fromMs + 1_000).length).toBeLessThanOrEqual(limit);
      }
    }),
    { numRuns: 1_000 },
  );
});

describe('a bucket of 100 that fills by 20 a second', () => {
  const limits = { perSecond: 20, burst: 100 };

  it('allows the burst and then the rate', () => {
    const bucket = new TokenBucket(limits);
    expect(taken(bucket, 0, 150)).toBe(100);
    expect(taken(bucket, 49, 1)).toBe(0);
    expect(taken(bucket, 50, 5)).toBe(1);
    expect(taken(bucket, 1_050, 50)).toBe(20);
  });

  it('never holds more than the burst', () => {
    const bucket = new TokenBucket(limits);
    taken(bucket, 0, 1);
    expect(taken(bucket, 3_600_000, 1_000)).toBe(100);
  });

  it('goes on from the new time when the clock is set back', () => {
    const bucket = new TokenBucket(limits);
    taken(bucket, 3_600_000, 100);
    expect(taken(bucket, 0, 1)).toBe(0);
    expect(taken(bucket, 1_000, 50)).toBe(20);
  });

  it('never allows more than burst and rate together, however they are asked for', () => {
    const tries = fc.array(fc.record({ afterMs: fc.nat(2_000), many: fc.nat(60) }), { maxLength: 40 });
    fc.assert(
      fc.property(tries, all => {
        const bucket = new TokenBucket(limits);
        let nowMs = 0;
        let total = 0;
        all.forEach(({ afterMs, many }, i) => {
          nowMs += i === 0 ? 0 : afterMs;
          total += taken(bucket, nowMs, many);
          expect(total).toBeLessThanOrEqual(limits.burst + (nowMs * limits.perSecond) / 1_000 + 1e-6);
        });
      }),
    );
  });
});

/** Lets as many of `wanted` through as fit, and returns how many. */
function pass(window: SlidingWindow, nowMs: number, wanted: number): number {
  const count = Math.min(wanted, window.available(nowMs));
  window.take(nowMs, count);
  return count;
}

function taken(bucket: TokenBucket, nowMs: number, tries: number): number {
  return Array.from({ length: tries }, () => bucket.tryTake(nowMs)).filter(Boolean).length;
}
