import { beforeEach, describe, expect, it } from 'vitest';
import { Attention, SLEEP_AFTER_MS } from '../../../web/app/attention.ts';

let nowMs: number;
let timers: Map<number, { atMs: number; run: () => void }>;
let told: string[];
let attention: Attention;

beforeEach(() => {
  nowMs = 0;
  timers = new Map();
  told = [];
  let timer = 0;
  attention = new Attention({
    sleep: () => told.push(`sleep ${nowMs}`),
    wake: () => told.push(`wake ${nowMs}`),
    setTimer: (run, afterMs) => {
      timers.set(++timer, { atMs: nowMs + afterMs, run });
      return timer;
    },
    clearTimer: which => timers.delete(which as number),
  });
});

function goTo(atMs: number): void {
  for (const [timer, { atMs: dueMs, run }] of timers) {
    if (dueMs > atMs) continue;
    timers.delete(timer);
    nowMs = dueMs;
    run();
  }
  nowMs = atMs;
}

describe('a page that is hidden', () => {
  it('sleeps after five minutes', () => {
    attention.visible(false);
    goTo(SLEEP_AFTER_MS - 1);
    expect(told).toEqual([]);
    goTo(SLEEP_AFTER_MS);
    expect(told).toEqual([`sleep ${SLEEP_AFTER_MS}`]);
  });
  it('does not begin to wait again when it is told again', () => {
    attention.visible(false);
    goTo(60_000);
    attention.visible(false);
    goTo(SLEEP_AFTER_MS);
    expect(told).toEqual([`sleep ${SLEEP_AFTER_MS}`]);
  });
});

describe('a page that is shown', () => {
  it('wakes at once, and each time', () => {
    attention.visible(true);
    goTo(10);
    attention.visible(true);
    expect(told).toEqual(['wake 0', 'wake 10']);
  });
  it('does not fall asleep any more', () => {
    attention.visible(false);
    goTo(60_000);
    attention.visible(true);
    goTo(10 * SLEEP_AFTER_MS);
    expect(told).toEqual(['wake 60000']);
  });
  it('sleeps when it is hidden again for long', () => {
    attention.visible(false);
    attention.visible(true);
    attention.visible(false);
    goTo(SLEEP_AFTER_MS);
    expect(told).toEqual(['wake 0', `sleep ${SLEEP_AFTER_MS}`]);
  });
});
