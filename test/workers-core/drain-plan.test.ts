import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { DRAIN_WINDOW_MS } from '../../shared/limits.ts';
import { refusalMs, spreadReturns } from '../../workers/core/drain-plan.ts';

const windows = fc.integer({ min: DRAIN_WINDOW_MS.least, max: DRAIN_WINDOW_MS.most });
const sessions = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 300 });

it('sessions come back at even distances, none while nobody is let in and none after the window', () => {
  fc.assert(
    fc.property(sessions, windows, (ids, windowMs) => {
      const times = [...spreadReturns(ids, windowMs).values()].sort((a, b) => a - b);
      expect(times.length).toBe(ids.length);
      expect(times[0]).toBeGreaterThanOrEqual(refusalMs(windowMs));
      expect(times.at(-1)).toBeLessThanOrEqual(windowMs);
      const stepMs = (windowMs - refusalMs(windowMs)) / ids.length;
      for (let i = 1; i < times.length; i++)
        expect(Math.abs(times[i]! - times[i - 1]! - stepMs)).toBeLessThanOrEqual(1);
    }),
  );
});

it('when a session comes back depends on the ids alone, and not on who connected first', () => {
  fc.assert(
    fc.property(sessions, windows, (ids, windowMs) => {
      expect(spreadReturns(ids.toReversed(), windowMs)).toEqual(spreadReturns(ids, windowMs));
    }),
  );
  const ids = Array.from({ length: 100 }, (_, i) => `session-${i}`);
  const returns = spreadReturns(ids, 30_000);
  expect(ids.toSorted((a, b) => returns.get(a)! - returns.get(b)!)).not.toEqual(ids);
});
