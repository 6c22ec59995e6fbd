import { type Meter, PLAN_USD, PRICES } from './prices.ts';
import { amountOf, type Scenario, usageOf } from './usage.ts';

/** What one meter comes to. */
export interface Item {
  used: number;
  /** Past what the plan includes. */
  billed: number;
  usd: number;
}

/** What a month costs. */
export function billOf(scenario: Scenario): { items: Record<Meter, Item>; totalUsd: number } {
  const lines = usageOf(scenario);
  const entries = Object.entries(PRICES).map(([meter, { included, usdPerMillion }]): [string, Item] => {
    const used = lines.filter(line => line.meter === meter).reduce((sum, { factors }) => sum + amountOf(factors), 0);
    const billed = Math.max(0, used - included);
    return [meter, { used, billed, usd: (billed / 1e6) * usdPerMillion }];
  });
  const totalUsd = entries.reduce((sum, [, { usd }]) => sum + usd, PLAN_USD);
  return { items: Object.fromEntries(entries) as Record<Meter, Item>, totalUsd };
}
