import * as fc from 'fast-check';
import { EVENT_KINDS, MARKET_SESSIONS } from '../../shared/events.ts';
import type { Filter } from '../../shared/filter.ts';
import type { Matchable } from '../../shared/matches.ts';
import { PRIORITIES } from '../../shared/priority.ts';

const PATTERN_TYPES = ['Doji', 'doji', 'Hammer', 'BreakoutBO'];
const SYMBOLS = ['AAPL', 'BRK.B', 'NVDA'];
const TYPED_SYMBOLS = ['AAPL', 'aapl', ' Aapl ', 'brk.b', 'NVDA', 'nope'];
const TIMEFRAMES = ['1min', '1day'];

const some = (values: readonly string[]) => fc.array(fc.constantFrom(...values), { maxLength: 4 });
const confidence = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }).map(n => n / 1_000),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 0.001, noNaN: true }),
);

/** Filters as clients write them: any letter case, repeats, empty lists. */
export const filters: fc.Arbitrary<Filter> = fc.record(
  {
    kinds: some(EVENT_KINDS),
    pattern_types: some(PATTERN_TYPES),
    symbols: some(TYPED_SYMBOLS),
    timeframes: some(TIMEFRAMES),
    market_sessions: some(MARKET_SESSIONS),
    confidence_min: confidence,
    priority_min: fc.constantFrom(...PRIORITIES),
    exclude_symbols: some(TYPED_SYMBOLS),
    exclude_pattern_types: some(PATTERN_TYPES),
  },
  { requiredKeys: [] },
);

/** Events of which any field but the kind may be missing or null. */
export const matchables: fc.Arbitrary<Matchable> = fc.record(
  {
    kind: fc.constantFrom(...EVENT_KINDS),
    pattern_type: fc.constantFrom(...PATTERN_TYPES, null),
    symbol: fc.constantFrom(...SYMBOLS, null),
    timeframe: fc.constantFrom(...TIMEFRAMES, null),
    market_session: fc.constantFrom(...MARKET_SESSIONS, null),
    confidence: fc.option(
      fc.integer({ min: 0, max: 1_000 }).map(n => n / 1_000),
      { nil: null },
    ),
    priority: fc.constantFrom(...PRIORITIES, null),
  },
  { requiredKeys: ['kind'] },
);
