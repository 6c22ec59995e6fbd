import { expect, it } from 'vitest';
import { analyticsPoint, type Snapshot } from '../../workers/core/analytics-point.ts';
import { Histogram } from '../../workers/core/histogram.ts';
import { hubOperations } from './samples.ts';

it('tells what happened in between, and how things stand', () => {
  const before = hubOperations();
  const now: Snapshot = {
    ...before,
    at_ms: before.at_ms + 60_000,
    sessions: { open: 9, live: 8, backfilling: 1 },
    counts: {
      ...before.counts,
      appended: before.counts.appended + 40,
      sent_bytes: before.counts.sent_bytes + 5_000,
      denied: { ...before.counts.denied, token_missing: 2, token_expired: before.counts.denied.token_expired! + 1 },
    },
  };
  const { indexes, blobs, doubles } = analyticsPoint(before, now);
  expect([indexes, blobs]).toEqual([['daily'], ['daily']]);
  expect(doubles.slice(0, 3)).toEqual([60, 40, 0]);
  expect([doubles[6], doubles[9], doubles[11]]).toEqual([5_000, 3, 9]);
});

it('has the p95 of what was measured in between alone, and says where nothing was', () => {
  const slow = new Histogram();
  slow.add(3_000, 1_000);
  const then = { cumulative: slow.cumulative(), sum_ms: slow.sumMs };
  slow.add(40, 20);
  const before = hubOperations({ histograms: { hub_to_delivery_ms: then } });
  const now = hubOperations({
    histograms: { hub_to_delivery_ms: { cumulative: slow.cumulative(), sum_ms: slow.sumMs } },
  });
  const { doubles } = analyticsPoint(before, now);
  expect(doubles.slice(15)).toEqual([-1, 50, -1, -1, -1]);
});

it('fits what Analytics Engine takes: one index, at most 20 doubles', () => {
  const { indexes, doubles } = analyticsPoint(hubOperations(), hubOperations());
  expect([indexes.length, doubles.length]).toEqual([1, 20]);
});
