/** What is published, and what of it is asked for: the same for every system. */
import type { Filter } from '../../shared/filter.ts';
import { type Matchable, matches } from '../../shared/matches.ts';
import { PATTERNS } from '../simulator/catalogue.ts';
import { createRandom } from '../simulator/random.ts';

export const CHANNEL = 'tickstock.events.patterns';
const SYMBOLS = Array.from({ length: 100 }, (_, i) => `S${i}`);
const TYPES = PATTERNS.daily.map(({ name }) => name);

/** How the sessions of a workload ask: all for everything, or each by a filter of its own. */
export type Asking = 'everything' | 'mixed';

/** What session `number` asks for. */
export function filterOf(asking: Asking, number: number): Filter {
  if (asking === 'everything') return {};
  const random = createRandom(number);
  const some = (values: readonly string[], most: number) => [
    ...new Set(Array.from({ length: 1 + random.below(most) }, () => random.pick(values))),
  ];
  return {
    ...(random.chance(0.75) && { symbols: some(SYMBOLS, 20) }),
    ...(random.chance(0.5) && { pattern_types: some(TYPES, 4) }),
    ...(random.chance(0.5) && { confidence_min: (50 + random.below(45)) / 100 }),
  };
}

/** Before the time in each event; the same bytes in every system's frames, as all pass on what they do not know. */
export const STAMP = '"sent":[';

export interface Published {
  /** As TickStockPL writes it, with `"sent":[MS,NUMBER]` besides: when it was published, and which it is. */
  text: string;
  view: Matchable;
}

let published = 0;

/** An endless stream of patterns, the same for the same seed but for times and numbers. */
export function createEvents(seed: number): (number: number) => Published {
  const random = createRandom(seed);
  return number => {
    published++;
    const nowMs = Date.now();
    const view = {
      pattern_type: random.pick(TYPES),
      symbol: random.pick(SYMBOLS),
      confidence: Math.round(random.between(500, 990)) / 1_000,
    };
    const event = {
      source: 'TickStockPL',
      timestamp: nowMs / 1_000,
      pattern: view.pattern_type,
      symbol: view.symbol,
      confidence: view.confidence,
      tier: 'daily',
      timeframe: 'daily',
      direction: 'bullish',
      price: Math.round(random.between(1_000, 90_000)) / 100,
      volume: random.below(5_000_000),
      // Of each event its own, as its id comes of it.
      detection_timestamp: (START_MS + published) / 1_000,
      sent: [nowMs, number],
    };
    return { text: JSON.stringify(event), view: { kind: 'pattern', ...view } };
  };
}

const START_MS = Date.now();

/** How many of `count` sessions get an event. */
export function createExpect(asking: Asking, count: number): (view: Matchable) => number {
  if (asking === 'everything') return () => count;
  const filters = Array.from({ length: count }, (_, number) => filterOf(asking, number));
  return view => filters.filter(filter => matches(filter, view)).length;
}
