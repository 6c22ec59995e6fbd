import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Journey, LatencyWindow, percentile } from '../../../web/live/latency.ts';

const NOW_MS = 1_795_000_000_000;

/** Detected at 0, at the bridge at 5, at the hub at 12; received here at 20 by a clock that is 1000 ahead. */
function journey(changes: Partial<Journey> = {}): Journey {
  return {
    detectedAtMs: NOW_MS,
    bridgeAtMs: NOW_MS + 5,
    hubAtMs: NOW_MS + 12,
    receivedAtMs: NOW_MS + 1_020,
    offset: { offsetMs: 1_000, roundTripMs: 10 },
    ...changes,
  };
}

describe('the latency window', () => {
  it('tells where the time goes, with the offset of the clocks taken out', () => {
    const window = new LatencyWindow();
    window.add(journey(), NOW_MS + 1_036);
    const one = (ms: number) => ({ p50: ms, p95: ms });
    expect(window.latency(NOW_MS + 1_100)).toEqual({
      n: 1,
      pipeline: one(5),
      edge: one(7),
      network: one(8),
      paint: one(16),
      total: one(36),
      uncertain: false,
    });
  });

  it('says nothing before there is anything, or after a minute without', () => {
    const window = new LatencyWindow();
    const nothing = { n: 0, pipeline: null, edge: null, network: null, paint: null, total: null };
    expect(window.latency(NOW_MS)).toMatchObject(nothing);
    window.add(journey(), NOW_MS);
    expect(window.latency(NOW_MS + 60_000).n).toBe(1);
    expect(window.latency(NOW_MS + 60_001)).toMatchObject(nothing);
  });

  it('is uncertain while the offset is not known to 25 ms', () => {
    const window = new LatencyWindow();
    window.add(journey({ offset: { offsetMs: 1_000, roundTripMs: 50 } }), NOW_MS);
    expect(window.latency(NOW_MS).uncertain).toBe(false);
    window.add(journey({ offset: { offsetMs: 1_000, roundTripMs: 51 } }), NOW_MS);
    expect(window.latency(NOW_MS).uncertain).toBe(true);
    window.add(journey({ offset: null }), NOW_MS);
    expect(window.latency(NOW_MS).uncertain).toBe(true);
  });

  it('gives the newest events painted since some time one by one, and nothing of receipt while the clocks are not compared', () => {
    const window = new LatencyWindow();
    expect(window.sample(0, NOW_MS, 10)).toBeNull();
    window.add(journey(), NOW_MS + 1_030);
    window.add(journey({ receivedAtMs: NOW_MS + 1_040 }), NOW_MS + 1_041);
    expect(window.sample(0, NOW_MS + 2_000, 10)).toEqual({ receipt: [28, 8], paint: [1, 10], roundTripMs: 10 });
    expect(window.sample(0, NOW_MS + 2_000, 1)!.paint).toEqual([1]);
    expect(window.sample(NOW_MS + 1_030, NOW_MS + 2_000, 10)!.paint).toEqual([1]);
    expect(window.sample(NOW_MS + 1_041, NOW_MS + 2_000, 10)).toBeNull();
    window.add(journey({ offset: null }), NOW_MS + 1_050);
    expect(window.sample(0, NOW_MS + 2_000, 1)).toEqual({ receipt: [], paint: [30], roundTripMs: null });
  });

  it('lets no event arrive before it was sent, however wrong the offset was measured', () => {
    const window = new LatencyWindow();
    for (const delayMs of [1_015, 1_040]) {
      const receivedAtMs = NOW_MS + 12 + delayMs;
      window.add(journey({ receivedAtMs, offset: { offsetMs: 1_200, roundTripMs: 1 } }), receivedAtMs + 10);
    }
    const { network, total } = window.latency(NOW_MS + 2_000);
    expect(network).toEqual({ p50: 0, p95: 25 });
    expect(total).toEqual({ p50: 22, p95: 47 });
  });

  it('tells the whole way alone as it tells it among its hops', () => {
    const window = new LatencyWindow();
    for (const [late, offset] of [
      [0, null],
      [7, { offsetMs: 990, roundTripMs: 80 }],
      [90, { offsetMs: 1_010, roundTripMs: 20 }],
    ] as const) {
      window.add(journey({ hubAtMs: NOW_MS + 12 + late, offset }), NOW_MS + 1_040 + late);
      const { total, uncertain } = window.latency(NOW_MS + 2_000);
      expect(window.total(NOW_MS + 2_000)).toEqual({ total, uncertain });
    }
    expect(window.total(NOW_MS + 70_000).total).toBeNull();
  });

  it('takes the quickest event for the offset while none was measured', () => {
    const window = new LatencyWindow();
    window.add(journey({ offset: null }), NOW_MS + 1_036);
    expect(window.latency(NOW_MS + 1_036).network).toEqual({ p50: 0, p95: 0 });
  });

  it('counts the newest when there are more than it keeps', () => {
    const window = new LatencyWindow();
    for (let i = 0; i < 9_000; i++) window.add(journey({ bridgeAtMs: NOW_MS + i }), NOW_MS);
    const { n, pipeline } = window.latency(NOW_MS);
    expect(n).toBe(8_192);
    expect(pipeline!.p50).toBe(9_000 - 4_096 - 1);
  });
});

describe('a percentile', () => {
  it('is the least value that so large a share does not exceed', () => {
    expect([0.5, 0.95, 1].map(share => percentile([1, 2, 3, 4], share))).toEqual([2, 4, 4]);
    expect(percentile([7], 0)).toBe(7);
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (all, share) => {
          const sorted = all.sort((a, b) => a - b);
          const value = percentile(sorted, share);
          expect(sorted.filter(n => n <= value).length / sorted.length).toBeGreaterThanOrEqual(share - 1e-9);
          expect(sorted.filter(n => n < value).length / sorted.length).toBeLessThan(share + 1e-9);
        },
      ),
    );
  });
});
