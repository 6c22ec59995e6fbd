import { describe, expect, it } from 'vitest';
import { isSilent, nextLookAtMs, SILENT_AFTER_MS } from '../../workers/core/silence.ts';

const NOW_MS = 1_000_000_000;

describe('a session', () => {
  it('is silent when nothing was heard of it for ten minutes', () => {
    expect(SILENT_AFTER_MS).toBe(600_000);
    expect(isSilent(NOW_MS - SILENT_AFTER_MS + 1, NOW_MS)).toBe(false);
    expect(isSilent(NOW_MS - SILENT_AFTER_MS, NOW_MS)).toBe(true);
  });
});

describe('the next look', () => {
  it('is when the first session can be silent', () => {
    expect(nextLookAtMs([NOW_MS, NOW_MS - 200_000, NOW_MS - 100_000], NOW_MS)).toBe(NOW_MS + 400_000);
  });

  it('is no sooner than in a minute', () => {
    expect(nextLookAtMs([NOW_MS - SILENT_AFTER_MS + 1], NOW_MS)).toBe(NOW_MS + 60_000);
  });

  it('is not needed without sessions', () => {
    expect(nextLookAtMs([], NOW_MS)).toBeNull();
  });

  it('of sessions that ping every 25 s is nine and a half minutes away', () => {
    const heardAtMs = Array.from({ length: 10_000 }, (_, i) => NOW_MS - (i % 25_000));
    expect(nextLookAtMs(heardAtMs, NOW_MS)! - NOW_MS).toBeGreaterThanOrEqual(575_000);
  });
});
