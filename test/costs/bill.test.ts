import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inRepository } from '../../bridge/local/paths.ts';
import { billOf } from './bill.ts';
import { ACTIVE_MS } from './measured.ts';
import { PLAN_USD, PRICES } from './prices.ts';
import { report } from './report.ts';
import { SCENARIOS } from './scenarios.ts';
import { amountOf, replicasFor, usageOf } from './usage.ts';

const today = { users: 500, patternsPerDay: 1_250 };

test('docs/deployment.md has what npm run costs prints', () => {
  expect(readFileSync(inRepository('docs/deployment.md'), 'utf8')).toContain(report(SCENARIOS));
});

test('two bridges beat on four topics every 15 s: 1,382,400 requests a month', () => {
  const line = usageOf(today).find(({ meter, what }) => meter === 'workerRequests' && what === 'heartbeats')!;
  expect(amountOf(line.factors)).toBe(2 * 4 * 4 * 60 * 24 * 30);
});

test('a month costs the plan, and of each meter what is past what the plan includes', () => {
  const { items, totalUsd } = billOf({ users: 10_000, patternsPerDay: 125_000 });
  for (const [meter, { used, billed, usd }] of Object.entries(items)) {
    const { included, usdPerMillion } = PRICES[meter as keyof typeof PRICES];
    expect(billed).toBe(Math.max(0, used - included));
    expect(usd).toBeCloseTo((billed * usdPerMillion) / 1e6);
  }
  expect(totalUsd).toBeCloseTo(PLAN_USD + Object.values(items).reduce((sum, { usd }) => sum + usd, 0));
});

test('nobody and nothing cost the plan and the heartbeats, for which hubs work', () => {
  const { items, totalUsd } = billOf({ users: 0, patternsPerDay: 0 });
  const heartbeatSeconds = (2 * 4 * 4 * 60 * 24 * 30 * ACTIVE_MS.perBatch) / 1_000;
  expect(items.objectGbSeconds.used).toBeGreaterThan(heartbeatSeconds * 0.128);
  expect(totalUsd).toBeLessThan(6);
});

test('more users or patterns never cost less', () => {
  const totals = [0, 500, 10_000, 40_000, 1_000_000].map(users => billOf({ users, patternsPerDay: 1_250 }).totalUsd);
  expect(totals).toEqual([...totals].sort((a, b) => a - b));
  expect(billOf({ ...today, patternsPerDay: 125_000 }).totalUsd).toBeGreaterThanOrEqual(billOf(today).totalUsd);
});

test('a topic needs no replicas for as long as its hub can hold the sockets', () => {
  expect([500, 32_768, 32_769, 1_000_000].map(replicasFor)).toEqual([0, 0, 14, 400]);
});
