import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HISTOGRAM_BOUNDS_MS, Histogram } from '../../workers/core/histogram.ts';

const LAST_BOUND_MS = HISTOGRAM_BOUNDS_MS.at(-1)!;

it('has no quantiles while it is empty', () => {
  expect(new Histogram().summary()).toEqual({ n: 0, p50: null, p95: null, p99: null });
});

describe('a duration is counted up to and including the bound of its bucket', () => {
  it.each([
    [0, 0.01],
    [0.01, 0.01],
    [0.011, 0.025],
    [10, 10],
    [10.5, 25],
    [LAST_BOUND_MS, LAST_BOUND_MS],
    [LAST_BOUND_MS + 1, null],
  ])('%f ms: at most %s', (ms, bound) => {
    const histogram = new Histogram();
    histogram.add(ms);
    expect(histogram.quantile(0.5)).toBe(bound);
    expect(histogram.total).toBe(1);
  });
});

it('gives p50, p95 and p99 with how many were measured', () => {
  const histogram = new Histogram();
  histogram.add(1, 90);
  histogram.add(8, 8);
  histogram.add(400, 2);
  expect(histogram.summary()).toEqual({ n: 100, p50: 1, p95: 10, p99: 500 });
});

it('goes on from stored counts without sharing them, of fewer buckets too', () => {
  const stored = [3, 1];
  const histogram = new Histogram(stored);
  histogram.add(0, 2);
  expect(histogram.total).toBe(6);
  expect(histogram.counts).toHaveLength(HISTOGRAM_BOUNDS_MS.length + 1);
  expect(stored).toEqual([3, 1]);
  expect(new Histogram(histogram.counts).summary()).toEqual(histogram.summary());
});

it('every quantile is the bound of the bucket that the exact one falls into', () => {
  const durations = fc.array(fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.nat(4_000_000)), {
    minLength: 1,
  });
  fc.assert(
    fc.property(durations, fc.constantFrom(0.25, 0.5, 0.75, 1), (all, q) => {
      const histogram = new Histogram();
      for (const ms of all) histogram.add(ms);
      const exact = all.toSorted((a, b) => a - b)[Math.ceil(q * all.length) - 1]!;
      expect(histogram.quantile(q)).toBe(HISTOGRAM_BOUNDS_MS.find(bound => bound >= exact) ?? null);
    }),
  );
});

it('counts for each bound what was at most that, and sums up what it was given', () => {
  const durations = fc.array(fc.integer({ min: 0, max: 4_000_000 }));
  fc.assert(
    fc.property(durations, all => {
      const histogram = new Histogram();
      for (const ms of all) histogram.add(ms);
      const cumulative = HISTOGRAM_BOUNDS_MS.map(bound => all.filter(ms => ms <= bound).length);
      expect(histogram.cumulative()).toEqual([...cumulative, all.length]);
      expect(histogram.sumMs).toBe(all.reduce((sum, ms) => sum + ms, 0));
    }),
  );
});
