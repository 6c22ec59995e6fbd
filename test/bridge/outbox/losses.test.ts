import { expect, test } from 'vitest';
import { Losses } from '../../../bridge/outbox/losses.ts';

const gap = (from_ms: number, to_ms: number) => ({ from_ms, to_ms, reason: 'outbox_overflow' });

test('events that stood next to one another make one gap, others one each', () => {
  const losses = new Losses();
  losses.add(1, 10);
  losses.add(2, 12);
  losses.add(5, 50);
  losses.addAll(3, 70, 80);
  losses.add(6, 90);
  expect(losses.take()).toEqual([gap(10, 12), gap(50, 50), gap(70, 80), gap(90, 90)]);
  expect([losses.count, losses.take()]).toEqual([7, []]);
  losses.add(7, 95);
  expect(losses.take()).toEqual([gap(95, 95)]);
});

test('more gaps than a batch may carry are told as fewer, wider ones', () => {
  const losses = new Losses();
  for (let n = 0; n < 150; n++) losses.add(n * 2, n);
  const gaps = losses.take();
  expect(gaps).toHaveLength(100);
  expect(gaps.at(-1)).toEqual(gap(99, 149));
});
