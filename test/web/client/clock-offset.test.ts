import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClockEstimate } from '../../../web/client/clock-offset.ts';

it('is unknown before a frame and a ping have both come back', () => {
  const clock = new ClockEstimate();
  expect(clock.offset).toBeNull();
  clock.frame(1_000, 900);
  expect(clock.offset).toBeNull();
  clock.roundTrip(20);
  expect(clock.offset).toEqual({ offsetMs: 90, roundTripMs: 20 });
});

it('is arrival less sending less half the smallest round trip', () => {
  const clock = new ClockEstimate();
  clock.frame(1_000, 1_500);
  for (const ms of [80, 40, 60]) clock.roundTrip(ms);
  expect(clock.offset).toEqual({ offsetMs: -520, roundTripMs: 40 });
});

it('takes no notice of a round trip that ended before it began', () => {
  const clock = new ClockEstimate();
  clock.frame(0, 0);
  clock.roundTrip(-5);
  expect(clock.offset).toBeNull();
});

it('forgets what is older than the last eight measurements', () => {
  const clock = new ClockEstimate();
  clock.frame(100, 100);
  clock.roundTrip(0);
  for (let i = 0; i < 8; i++) {
    clock.frame(350, 100);
    clock.roundTrip(10);
  }
  expect(clock.offset).toEqual({ offsetMs: 245, roundTripMs: 10 });
});

it('is wrong by half the round trip at most when the way is the same both ways or worse in one', () => {
  const ways = fc.array(fc.record({ there: fc.nat(200), back: fc.nat(200) }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.integer({ min: -5_000, max: 5_000 }), ways, (trueOffset, trips) => {
      const clock = new ClockEstimate();
      for (const { there, back } of trips) {
        clock.frame(10_000 + trueOffset + back, 10_000);
        clock.roundTrip(there + back);
      }
      const { offsetMs } = clock.offset!;
      const leastBack = Math.min(...trips.map(trip => trip.back));
      const leastTrip = Math.min(...trips.map(trip => trip.there + trip.back));
      expect(offsetMs).toBe(trueOffset + leastBack - leastTrip / 2);
      expect(Math.abs(offsetMs - trueOffset)).toBeLessThanOrEqual(Math.max(leastTrip / 2, leastBack));
    }),
  );
});
