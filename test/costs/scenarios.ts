import type { Scenario } from './usage.ts';

/** Those that docs/deployment.md tells of: what TickStockPL sends today, and a hundred times that. */
export const SCENARIOS: Scenario[] = [
  { users: 500, patternsPerDay: 1_250 },
  { users: 10_000, patternsPerDay: 1_250 },
  { users: 10_000, patternsPerDay: 125_000 },
  { users: 1_000_000, patternsPerDay: 1_250 },
];
