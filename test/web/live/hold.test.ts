import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hold } from '../../../web/live/hold.ts';

describe('a pointer over rows', () => {
  it('holds them once it has been there for 250 ms', () => {
    const hold = new Hold();
    hold.pointerMoved(1_000);
    expect(hold.reason).toBeNull();
    expect(hold.dueAtMs).toBe(1_250);
    hold.tick(1_249);
    expect(hold.reason).toBeNull();
    hold.tick(1_250);
    expect(hold.reason).toBe('pointer');
    expect(hold.dueAtMs).toBeNull();
  });

  it('holds them also while it moves on and on', () => {
    const hold = new Hold();
    hold.pointerMoved(1_000);
    hold.pointerMoved(1_200);
    hold.pointerMoved(1_251);
    expect(hold.reason).toBe('pointer');
  });

  it('only passing over holds nothing', () => {
    const hold = new Hold();
    hold.pointerMoved(1_000);
    hold.pointerLeft(1_100);
    hold.tick(9_000);
    expect(hold.reason).toBeNull();
    expect(hold.dueAtMs).toBeNull();
  });

  it('lets go 2 s after it has left', () => {
    const hold = new Hold();
    hold.pointerMoved(0);
    hold.tick(250);
    hold.pointerLeft(5_000);
    expect(hold.reason).toBe('pointer');
    expect(hold.dueAtMs).toBe(7_000);
    hold.tick(6_999);
    expect(hold.reason).toBe('pointer');
    hold.tick(7_000);
    expect(hold.reason).toBeNull();
  });

  it('goes on holding when it comes back in time', () => {
    const hold = new Hold();
    hold.pointerMoved(0);
    hold.tick(250);
    hold.pointerLeft(1_000);
    hold.pointerMoved(2_000);
    hold.tick(2_250);
    hold.tick(3_000);
    expect(hold.reason).toBe('pointer');
  });
});

describe('what else holds', () => {
  it.each([
    ['focus', (hold: Hold, is: boolean) => hold.focused(is, 1_000)],
    ['selection', (hold: Hold, is: boolean) => hold.selected(is, 1_000)],
    ['menu', (hold: Hold, is: boolean) => hold.menu(is, 1_000)],
  ] as const)('is %s, at once, and for 2 s after it', (reason, set) => {
    const hold = new Hold();
    set(hold, true);
    expect(hold.reason).toBe(reason);
    set(hold, false);
    expect(hold.reason).toBe(reason);
    hold.tick(3_000);
    expect(hold.reason).toBeNull();
  });

  it.each([
    ['scroll', (hold: Hold, is: boolean) => hold.scrolled(is, 1_000)],
    ['toggle', (hold: Hold, is: boolean) => hold.toggled(is, 1_000)],
  ] as const)('is %s, until somebody takes it back: then no longer', (reason, set) => {
    const hold = new Hold();
    set(hold, true);
    hold.tick(1_000_000);
    expect(hold.reason).toBe(reason);
    set(hold, false);
    expect(hold.reason).toBeNull();
  });

  it('is told by the most deliberate of several', () => {
    const hold = new Hold();
    const reasons: unknown[] = [];
    for (const begin of [
      () => hold.scrolled(true, 0),
      () => hold.focused(true, 0),
      () => hold.selected(true, 0),
      () => hold.menu(true, 0),
      () => hold.toggled(true, 0),
    ]) {
      begin();
      reasons.push(hold.reason);
    }
    expect(reasons).toEqual(['scroll', 'focus', 'selection', 'menu', 'toggle']);
  });

  it('holds on until the last of several has ended', () => {
    const hold = new Hold();
    hold.pointerMoved(0);
    hold.tick(250);
    hold.scrolled(true, 300);
    hold.pointerLeft(400);
    hold.tick(100_000);
    expect(hold.reason).toBe('scroll');
    hold.scrolled(false, 100_000);
    expect(hold.reason).toBeNull();
  });

  it('means nothing when it ends without having begun', () => {
    const hold = new Hold();
    hold.scrolled(false, 0);
    hold.focused(false, 0);
    expect(hold.reason).toBeNull();
    expect(hold.dueAtMs).toBeNull();
  });
});

describe('following again', () => {
  it('ends every hold, the toggle included', () => {
    const hold = new Hold();
    hold.toggled(true, 0);
    hold.focused(true, 0);
    hold.resume();
    hold.tick(100_000);
    expect(hold.reason).toBeNull();
  });

  it('ends the time of grace', () => {
    const hold = new Hold();
    hold.focused(true, 0);
    hold.focused(false, 100);
    hold.resume();
    expect(hold.reason).toBeNull();
  });

  it('lasts with a pointer that rests on rows, until it moves again for 250 ms', () => {
    const hold = new Hold();
    hold.pointerMoved(0);
    hold.tick(250);
    hold.resume();
    hold.tick(100_000);
    expect(hold.reason).toBeNull();
    hold.pointerMoved(100_000);
    hold.tick(100_250);
    expect(hold.reason).toBe('pointer');
  });
});

describe('a hold', () => {
  const steps = fc.array(
    fc.tuple(fc.constantFrom('move', 'leave', 'away', 'back', 'focus', 'blur', 'resume'), fc.nat(3_000)),
    { maxLength: 40 },
  );

  it('ends by itself at most 2.25 s after nothing holds any more', () => {
    fc.assert(
      fc.property(steps, all => {
        const hold = new Hold();
        let nowMs = 0;
        for (const [step, waitMs] of all) {
          nowMs += waitMs;
          hold.tick(nowMs);
          if (step === 'move') hold.pointerMoved(nowMs);
          if (step === 'leave') hold.pointerLeft(nowMs);
          if (step === 'away' || step === 'back') hold.scrolled(step === 'away', nowMs);
          if (step === 'focus' || step === 'blur') hold.focused(step === 'focus', nowMs);
          if (step === 'resume') hold.resume();
        }
        hold.pointerLeft(nowMs);
        hold.scrolled(false, nowMs);
        hold.focused(false, nowMs);
        hold.tick(nowMs + 2_250);
        expect(hold.reason).toBeNull();
        expect(hold.dueAtMs).toBeNull();
      }),
    );
  });
});
