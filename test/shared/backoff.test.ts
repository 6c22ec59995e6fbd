import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../shared/backoff.ts';

const policy = { baseMs: 500, maxMs: 15_000 };
const ALMOST_ONE = 1 - Number.EPSILON;

describe('full-jitter backoff', () => {
  it('doubles the bound with each failure up to the longest wait', () => {
    const bounds = [1, 2, 3, 4, 5, 6, 7, 1_000].map(
      attempt => Math.ceil(backoffMs(policy, attempt, ALMOST_ONE) / 100) * 100,
    );
    expect(bounds).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it('waits anywhere from nothing to the bound', () => {
    expect(backoffMs(policy, 6, 0)).toBe(0);
    expect(backoffMs(policy, 6, 0.5)).toBe(7_500);
  });

  it('is a whole number of milliseconds within the bound whatever the count', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const wait = backoffMs(policy, attempt, random);
          expect(Number.isInteger(wait)).toBe(true);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(policy.maxMs);
        },
      ),
    );
  });
});
