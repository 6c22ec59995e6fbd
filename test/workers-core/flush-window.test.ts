import { describe, expect, it } from 'vitest';
import { FlushWindow, MAX_WINDOW_MS } from '../../workers/core/flush-window.ts';

const ordinary = (sessions: number) => ({ sessions, critical: false });
const critical = (sessions: number) => ({ sessions, critical: true });

it('the first flush is due at once, however many sessions there are', () => {
  const window = new FlushWindow();
  expect(window.dueAtMs(ordinary(10_000))).toBeLessThanOrEqual(0);
  expect(window.dueAtMs(critical(10_000))).toBeLessThanOrEqual(0);
});

describe('after a flush', () => {
  it.each([
    [0, 0],
    [1, 0.02],
    [500, 10],
    [5_000, MAX_WINDOW_MS],
    [1_000_000, MAX_WINDOW_MS],
  ])('%i sessions wait %f ms from its end', (sessions, windowMs) => {
    const window = new FlushWindow();
    window.flushed(990, 1_000);
    expect(window.dueAtMs(ordinary(sessions))).toBeCloseTo(1_000 + windowMs, 9);
  });

  it('counts from the newest flush', () => {
    const window = new FlushWindow();
    window.flushed(0, 1);
    window.flushed(50, 60);
    expect(window.dueAtMs(ordinary(500))).toBe(70);
  });

  it('CRITICAL waits as long as that flush took', () => {
    const window = new FlushWindow();
    window.flushed(1_000, 1_003);
    expect(window.dueAtMs(critical(5_000))).toBe(1_006);
  });

  it('CRITICAL never waits longer than the window', () => {
    const window = new FlushWindow();
    window.flushed(1_000, 1_400);
    expect(window.dueAtMs(critical(500))).toBe(1_410);
    expect(window.dueAtMs(critical(0))).toBe(1_400);
  });
});

it('a stream of CRITICAL events leaves the hub at least half its time', () => {
  const window = new FlushWindow();
  let nowMs = 0;
  let busyMs = 0;
  while (nowMs < 10_000) {
    nowMs = Math.max(nowMs, window.dueAtMs(critical(5_000)));
    window.flushed(nowMs, nowMs + 4);
    nowMs += 4;
    busyMs += 4;
  }
  expect(busyMs / nowMs).toBeLessThanOrEqual(0.51);
});
