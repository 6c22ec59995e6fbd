import { expect, it } from 'vitest';
import { RecentHistogram } from '../../workers/core/recent-histogram.ts';

const MINUTE = 60_000;
const NOON = Date.parse('2026-11-20T12:00:00Z');

it('tells of the last hour alone, and since when', () => {
  const recent = new RecentHistogram();
  recent.add(1_000, NOON - 60 * MINUTE);
  recent.add(10, NOON - 55 * MINUTE);
  recent.add(50, NOON);
  const { sinceMs, ...summary } = recent.summary(NOON);
  expect(sinceMs).toBe(NOON - 55 * MINUTE);
  expect(summary).toEqual({ n: 2, p50: 10, p95: 50, p99: 50 });
  expect(recent.summary(NOON + 10 * MINUTE)).toMatchObject({ n: 1, p50: 50 });
  expect(recent.summary(NOON + 60 * MINUTE)).toMatchObject({ n: 0, p50: null });
});

it('is the same after it was stored, and keeps no more than an hour', () => {
  const recent = new RecentHistogram();
  for (let minutes = 0; minutes < 600; minutes++) recent.add(minutes, NOON + minutes * MINUTE);
  const stored = recent.stored();
  expect(stored).toHaveLength(12);
  const at = NOON + 599 * MINUTE;
  expect(new RecentHistogram(JSON.parse(JSON.stringify(stored))).summary(at)).toEqual(recent.summary(at));
});
