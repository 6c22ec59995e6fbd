import { describe, expect, it } from 'vitest';
import { FlushWindow, MAX_WINDOW_MS } from '../../workers/core/flush-window.ts';

const ordinary = { framesBelow: 0, critical: false };
const critical = { framesBelow: 0, critical: true };

it('the first flush is due at once', () => {
  const window = new FlushWindow();
  expect(window.dueAtMs(ordinary)).toBeLessThanOrEqual(0);
  expect(window.dueAtMs(critical)).toBeLessThanOrEqual(0);
});

describe('after a flush', () => {
  it.each([
    [0, 0],
    [1, 0.02],
    [500, 10],
    [5_000, MAX_WINDOW_MS],
    [1_000_000, MAX_WINDOW_MS],
  ])('of %i frames the next waits %f ms from its end', (frames, windowMs) => {
    const window = new FlushWindow();
    window.flushed(990, 1_000, frames);
    expect(window.dueAtMs(ordinary)).toBeCloseTo(1_000 + windowMs, 9);
  });

  it('counts from the newest flush, and its frames', () => {
    const window = new FlushWindow();
    window.flushed(0, 1, 4_000);
    window.flushed(50, 60, 500);
    expect(window.dueAtMs(ordinary)).toBe(70);
  });

  it('waits for an object below that may have sent more frames', () => {
    const window = new FlushWindow();
    window.flushed(990, 1_000, 500);
    expect(window.dueAtMs({ framesBelow: 2_500, critical: false })).toBe(1_050);
    expect(window.dueAtMs({ framesBelow: 100, critical: false })).toBe(1_010);
  });

  it('CRITICAL waits as long as that flush took', () => {
    const window = new FlushWindow();
    window.flushed(1_000, 1_003, 5_000);
    expect(window.dueAtMs(critical)).toBe(1_006);
  });

  it('CRITICAL never waits longer than the window', () => {
    const window = new FlushWindow();
    window.flushed(1_000, 1_400, 500);
    expect(window.dueAtMs(critical)).toBe(1_410);
    window.flushed(1_500, 1_900, 0);
    expect(window.dueAtMs(critical)).toBe(1_900);
  });
});

it('a stream of CRITICAL events leaves the hub at least half its time', () => {
  const window = new FlushWindow();
  let nowMs = 0;
  let busyMs = 0;
  while (nowMs < 10_000) {
    nowMs = Math.max(nowMs, window.dueAtMs(critical));
    window.flushed(nowMs, nowMs + 4, 5_000);
    nowMs += 4;
    busyMs += 4;
  }
  expect(busyMs / nowMs).toBeLessThanOrEqual(0.51);
});
