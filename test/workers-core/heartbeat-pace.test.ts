import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HEARTBEAT_MS } from '../../shared/limits.ts';
import { HeartbeatPace } from '../../workers/core/heartbeat-pace.ts';

it('all of one bridge’s are told', () => {
  const pace = new HeartbeatPace();
  for (let i = 0; i < 10; i++) expect(pace.take(1, i * HEARTBEAT_MS - (i % 2) * 2_000)).toBe(true);
});

it('of any number of bridges one is told every 10 to 15 s', () => {
  const offsets = fc.array(fc.integer({ min: 0, max: HEARTBEAT_MS - 1 }), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(offsets, starts => {
      const pace = new HeartbeatPace();
      const beats = Array.from({ length: 40 }, (_, i) => starts.map(start => start + i * HEARTBEAT_MS)).flat();
      const told = beats.toSorted((a, b) => a - b).filter(atMs => pace.take(starts.length, atMs));
      const apart = told.slice(1).map((atMs, i) => atMs - told[i]!);
      expect(Math.min(...apart)).toBeGreaterThanOrEqual(10_000);
      expect(Math.max(...apart)).toBeLessThanOrEqual(HEARTBEAT_MS);
    }),
  );
});

it('a bridge that comes or goes is told at once', () => {
  const pace = new HeartbeatPace();
  expect([pace.take(1, 0), pace.take(2, 1_000), pace.take(2, 2_000), pace.take(1, 3_000)]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

it('a clock that is set back holds none back', () => {
  const pace = new HeartbeatPace();
  expect([pace.take(1, 1_000_000), pace.take(1, 5_000), pace.take(1, 6_000)]).toEqual([true, true, false]);
});
