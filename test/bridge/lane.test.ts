import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LaneRunner } from '../../bridge/lane.ts';
import type { PostResult } from '../../bridge/outbox/answer.ts';
import { Lane } from '../../bridge/outbox/lane.ts';
import { heartbeat } from './outbox/support.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A lane whose tries fail until `answer` is another. */
function startRunner() {
  const world = { answer: { failure: 'away' } as PostResult, tries: 0, recoveries: 0 };
  const runner = new LaneRunner({
    lane: new Lane('daily', 'b'),
    post: async () => {
      world.tries++;
      return world.answer;
    },
    heartbeat: () => heartbeat(),
    workerAheadMs: () => null,
    onAnswer: () => {},
    onGivenUp: () => {},
    onRecovered: () => world.recoveries++,
  });
  return Object.assign(world, { runner });
}

test('a lane that fails waits longer each time, unless it is told that it may work again', async () => {
  const world = startRunner();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(world.tries).toBe(5);
  world.runner.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(world.tries).toBe(6);
  await world.runner.abort();
});

test('a lane tells when it is heard again, once', async () => {
  const world = startRunner();
  await vi.advanceTimersByTimeAsync(50);
  world.answer = { status: 200, body: { topics: { daily: { head: 1 } } } };
  await vi.advanceTimersByTimeAsync(100);
  expect(world.recoveries).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([world.tries > 3, world.recoveries]).toEqual([true, 1]);
  await world.runner.abort();
});
