import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countFilterValues, type Filter, normaliseFilter, thousandths } from '../../shared/filter.ts';
import { filterSchema } from '../../shared/filter-schema.ts';
import { type Matchable, matches } from '../../shared/matches.ts';
import { priorityRank } from '../../shared/priority.ts';
import { TOPICS } from '../../shared/topics.ts';
import { filters, matchables } from './arbitraries.ts';

const topics = fc.constantFrom(...TOPICS);

describe('the normal form of a filter', () => {
  it('is its own normal form', () => {
    fc.assert(
      fc.property(topics, filters, (topic, filter) => {
        const normal = normaliseFilter(topic, filter);
        expect(normaliseFilter(topic, normal)).toEqual(normal);
      }),
    );
  });

  it('matches the events that the rules give to the filter as written', () => {
    fc.assert(
      fc.property(topics, filters, matchables, (topic, filter, event) => {
        expect(matches(normaliseFilter(topic, filter), event)).toBe(matchesByTheRules(topic, filter, event));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is a filter that the protocol accepts', () => {
    fc.assert(
      fc.property(topics, filters, (topic, filter) => {
        expect(filterSchema.safeParse(normaliseFilter(topic, filter)).success).toBe(true);
      }),
    );
  });

  it.each<[string, (typeof TOPICS)[number], Filter, Filter]>([
    ['asks for patterns on a tier when no kinds are named', 'daily', {}, { kinds: ['pattern'] }],
    ['asks for every kind on system when no kinds are named', 'system', {}, { kinds: [] }],
    ['keeps an empty list of kinds, which means every kind', 'combo', { kinds: [] }, { kinds: [] }],
    [
      'upper-cases and trims symbols, once each',
      'daily',
      { symbols: ['aapl', ' AAPL', 'brk.b'], exclude_symbols: ['tsla'] },
      { kinds: ['pattern'], symbols: ['AAPL', 'BRK.B'], exclude_symbols: ['TSLA'] },
    ],
    [
      'leaves the letter case of pattern types alone',
      'daily',
      { pattern_types: ['Doji', 'doji', 'Doji'] },
      { kinds: ['pattern'], pattern_types: ['Doji', 'doji'] },
    ],
    [
      'leaves out what lets everything through',
      'daily',
      { symbols: [], confidence_min: 0, priority_min: 'low' },
      { kinds: ['pattern'] },
    ],
    [
      'leaves out a confidence that is none at three decimals',
      'daily',
      { confidence_min: 0.0004 },
      { kinds: ['pattern'] },
    ],
    [
      'keeps thresholds, at three decimals',
      'daily',
      { confidence_min: 0.70049, priority_min: 'high' },
      { kinds: ['pattern'], confidence_min: 0.7, priority_min: 'high' },
    ],
  ])('%s', (_, topic, filter, normal) => {
    expect(normaliseFilter(topic, filter)).toEqual(normal);
  });
});

describe('a filter from a client', () => {
  it.each([
    ['an unknown field', { symbol: ['AAPL'] }],
    ['a list that is none', { symbols: 'AAPL' }],
    ['a value that is no text', { symbols: [1] }],
    ['a confidence over 1', { confidence_min: 1.01 }],
    ['a negative confidence', { confidence_min: -0.1 }],
    ['a confidence as text', { confidence_min: '0.7' }],
    ['an unknown priority', { priority_min: 'urgent' }],
    ['null', null],
  ])('is refused with %s', (_, filter) => {
    expect(filterSchema.safeParse(filter).success).toBe(false);
  });

  it('may hold a value that nobody sends', () => {
    expect(filterSchema.safeParse({ symbols: ['NOPE'], kinds: ['no_such_kind'] }).success).toBe(true);
  });
});

it('counts the listed values of all dimensions', () => {
  expect(countFilterValues({})).toBe(0);
  expect(
    countFilterValues({
      kinds: ['a'],
      symbols: ['b', 'c'],
      exclude_symbols: ['d'],
      confidence_min: 0.5,
      timeframes: [],
    }),
  ).toBe(4);
});

it.each([
  [0.6005, 601],
  [0.601, 601],
  [0.6004, 600],
  [0.29, 290],
  [0, 0],
  [1, 1_000],
])('reads a confidence of %d as %d thousandths', (confidence, whole) => {
  expect(thousandths(confidence)).toBe(whole);
});

/** The rules spelled out over the filter as written, without a normal form. */
function matchesByTheRules(topic: string, filter: Filter, event: Matchable): boolean {
  const upper = (list: string[] | undefined) => list?.map(symbol => symbol.trim().toUpperCase());
  const wants = (list: string[] | undefined, value: string | null | undefined) =>
    list === undefined || list.length === 0 || (value != null && list.includes(value));
  const excludes = (list: string[] | undefined, value: string | null | undefined) =>
    list !== undefined && value != null && list.includes(value);
  const least = Math.round((filter.confidence_min ?? 0) * 1_000);
  const rank = priorityRank(filter.priority_min ?? 'low');
  return (
    wants(filter.kinds ?? (topic === 'system' ? [] : ['pattern']), event.kind) &&
    wants(filter.pattern_types, event.pattern_type) &&
    wants(upper(filter.symbols), event.symbol) &&
    wants(filter.timeframes, event.timeframe) &&
    wants(filter.market_sessions, event.market_session) &&
    (least === 0 || (event.confidence != null && Math.round(event.confidence * 1_000) >= least)) &&
    (rank === 0 || (event.priority != null && priorityRank(event.priority) >= rank)) &&
    !excludes(upper(filter.exclude_symbols), event.symbol) &&
    !excludes(filter.exclude_pattern_types, event.pattern_type)
  );
}
