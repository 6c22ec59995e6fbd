import { expect, test } from 'vitest';
import { WorkerClock } from '../../bridge/worker-clock.ts';

test('nothing is known before the first answer', () => {
  expect(new WorkerClock().aheadMs(5)).toBeNull();
});

test('the fastest answer counts, for less the older it is', () => {
  const clock = new WorkerClock();
  clock.note(1_900, 1_200);
  expect(clock.aheadMs(1_200)).toBe(700);
  clock.note(2_000, 1_500);
  expect(clock.aheadMs(1_500)).toBe(699);
  expect(clock.aheadMs(61_500)).toBe(639);
  clock.note(63_000, 62_000);
  expect(clock.aheadMs(62_000)).toBe(1_000);
});

test('a clock that was set back is followed at once, and so is one that was set ahead', () => {
  const clock = new WorkerClock();
  clock.note(100_000, 100_000);
  clock.note(140_000, 200_000);
  expect(clock.aheadMs(200_000)).toBe(-60_000);
  clock.note(300_000, 210_000);
  expect(clock.aheadMs(210_000)).toBe(90_000);
});
