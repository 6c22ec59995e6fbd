import * as fc from 'fast-check';
import { PRIORITIES } from '../../../shared/priority.ts';
import { timeframeSpellings } from '../../../web/app/filter/timeframes.ts';
import type { Vocabulary } from '../../../web/app/filter/vocabulary.ts';
import {
  canonicalFilter,
  DIRECTIONS,
  type LocalFilter,
  MAIN_ID,
  type TierFilters,
} from '../../../web/app/state/filters.ts';

const PATTERN_TYPES = [
  'Doji',
  'doji',
  'Bull_Flag',
  'BullFlag',
  'Bull Flag',
  'VWAP_Break',
  'NVDA',
  'conf',
  '5m',
  '="odd, one"',
  '!x',
  'a\\b',
];
const SYMBOLS = ['NVDA', 'TSLA', 'BRK.B', 'ES=F', 'X:BTC', '5M', 'DOJI', 'CONF', '^VIX', '!A', '=A'];
const SESSIONS = ['pre_market', 'regular', 'post_market', 'closed'];

const wordIn = (words: readonly string[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...words) },
    fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }),
  );
const patternType = wordIn(PATTERN_TYPES).filter(word => word.trim() !== '');
const timeframe = fc.oneof(
  fc.constantFrom('5m', '1h', 'daily', '1M').map(word => timeframeSpellings(word)!),
  fc.constantFrom('5min', '1hour', 'M5', 'daily', '60min', '1day').map(word => [word]),
);
const some = <T>(value: fc.Arbitrary<T>, maxLength = 4) => fc.array(value, { maxLength });

/** Filters as the page holds them. */
export const pageFilters = fc
  .record(
    {
      symbols: some(fc.constantFrom(...SYMBOLS, 'IN TECH', 'IN S_P-500'), 20),
      exclude_symbols: some(fc.constantFrom(...SYMBOLS)),
      pattern_types: some(patternType),
      exclude_pattern_types: some(patternType),
      timeframes: some(timeframe, 3).map(lists => lists.flat()),
      market_sessions: some(fc.constantFrom(...SESSIONS)),
      confidence_min: fc.integer({ min: 0, max: 1_000 }).map(least => least / 1_000),
      priority_min: fc.constantFrom(...PRIORITIES),
    },
    { requiredKeys: [] },
  )
  .map(canonicalFilter);

export const localFilters: fc.Arbitrary<LocalFilter> = fc.record({
  directions: fc.subarray([...DIRECTIONS]),
  sectors: fc.subarray(['Energy', 'Health Care', 'n/a', 'a "quoted", one']),
  maxAgeMs: fc.option(fc.integer({ min: 1, max: 30 * 86_400 }).map(seconds => seconds * 1_000)),
  text: fc.string({ maxLength: 30, unit: 'binary' }).map(text => text.trim()),
  starredOnly: fc.boolean(),
});

export const vocabularies: fc.Arbitrary<Vocabulary> = fc.record({
  patternTypes: fc.uniqueArray(fc.constantFrom(...PATTERN_TYPES, 'VWAPBreak', 'TSLA')),
  symbols: fc.subarray(SYMBOLS),
  timeframes: fc.constant([]),
  universes: fc.constant(['tech']),
  sectors: fc.constant([]),
});

const name = fc
  .oneof(fc.constantFrom('Big caps', 'earnings', 'a "quoted" one', '@home', '-5'), fc.string({ maxLength: 40 }))
  .map(text => text.trim())
  .filter(text => text !== '');

/** A tier's filters as the page holds them. */
export const tierFilters: fc.Arbitrary<TierFilters> = fc
  .record({
    main: fc.record({ filter: pageFilters, isPaused: fc.boolean() }),
    others: fc.uniqueArray(fc.record({ name, filter: pageFilters, isPaused: fc.boolean() }), {
      maxLength: 3,
      selector: other => other.name,
    }),
    local: localFilters,
  })
  .map(({ main, others, local }) => ({
    subscriptions: [
      { id: MAIN_ID, name: 'Main', ...main },
      ...others.filter(other => other.name !== 'Main').map((other, at) => ({ id: `s${at}`, ...other })),
    ],
    local,
  }));
