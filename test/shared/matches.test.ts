import { describe, expect, it } from 'vitest';
import type { Filter } from '../../shared/filter.ts';
import { type Matchable, matches } from '../../shared/matches.ts';
import { MATCHABLE } from './samples.ts';

it('an event of .75 reaches exactly four of the thresholds .4 .5 .6 .7 .8 .9', () => {
  const reached = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9].filter(confidence_min => matches({ confidence_min }, MATCHABLE));
  expect(reached).toEqual([0.4, 0.5, 0.6, 0.7]);
});

describe('each ruling on matching', () => {
  it.each<[string, Filter, boolean]>([
    ['an empty filter takes everything', {}, true],
    ['an empty list takes everything', { symbols: [], pattern_types: [], kinds: [] }, true],
    ['a symbol that nobody sends takes nothing', { symbols: ['NOPE'] }, false],
    ['a kind that nobody sends takes nothing', { kinds: ['nope'] }, false],
    ['one value of a list is enough', { symbols: ['NVDA', 'AAPL'] }, true],
    ['every dimension must agree', { symbols: ['AAPL'], pattern_types: ['Doji'] }, false],
    ['pattern types compare exactly', { pattern_types: ['breakoutbo'] }, false],
    ['a pattern type is no prefix', { pattern_types: ['Breakout'] }, false],
    ['a timeframe', { timeframes: ['1day'] }, true],
    ['another timeframe', { timeframes: ['1min'] }, false],
    ['a market session', { market_sessions: ['regular'] }, true],
    ['another market session', { market_sessions: ['closed'] }, false],
    ['the least confidence is inclusive', { confidence_min: 0.75 }, true],
    ['a confidence above', { confidence_min: 0.751 }, false],
    ['a least confidence of 0 takes everything', { confidence_min: 0 }, true],
    ['confidences compare at three decimals: .7504 is .750', { confidence_min: 0.7504 }, true],
    ['confidences compare at three decimals: .7506 is .751', { confidence_min: 0.7506 }, false],
    ['the least priority is inclusive', { priority_min: 'medium' }, true],
    ['a priority above', { priority_min: 'high' }, false],
    ['the lowest priority takes everything', { priority_min: 'low' }, true],
    ['an excluded symbol', { exclude_symbols: ['AAPL'] }, false],
    ['another excluded symbol', { exclude_symbols: ['NVDA'] }, true],
    ['an excluded pattern type', { exclude_pattern_types: ['BreakoutBO'] }, false],
    ['an exclusion wins over a wish', { symbols: ['AAPL'], exclude_symbols: ['AAPL'] }, false],
    ['an empty exclusion excludes nothing', { exclude_symbols: [], exclude_pattern_types: [] }, true],
  ])('%s', (_, filter, expected) => {
    expect(matches(filter, MATCHABLE)).toBe(expected);
  });

  it('compares an event with more decimals at three', () => {
    expect(matches({ confidence_min: 0.75 }, { ...MATCHABLE, confidence: 0.7496 })).toBe(true);
    expect(matches({ confidence_min: 0.75 }, { ...MATCHABLE, confidence: 0.7494 })).toBe(false);
  });
});

describe('an event that lacks a field', () => {
  const bare: Matchable = { kind: 'system_health' };
  const withNulls: Matchable = { ...bare, symbol: null, confidence: null, priority: null, pattern_type: null };

  it.each<[string, Filter, boolean]>([
    ['passes a filter that does not ask for it', { kinds: ['system_health'] }, true],
    ['is not the wanted symbol', { symbols: ['AAPL'] }, false],
    ['is not of the wanted pattern type', { pattern_types: ['Doji'] }, false],
    ['is not of the wanted timeframe', { timeframes: ['1min'] }, false],
    ['is not of the wanted market session', { market_sessions: ['regular'] }, false],
    ['does not reach a confidence', { confidence_min: 0.001 }, false],
    ['reaches no confidence at all', { confidence_min: 0 }, true],
    ['does not reach a priority', { priority_min: 'medium' }, false],
    ['reaches the lowest priority', { priority_min: 'low' }, true],
    ['is not excluded by it', { exclude_symbols: ['AAPL'], exclude_pattern_types: ['Doji'] }, true],
  ])('%s', (_, filter, expected) => {
    expect(matches(filter, bare)).toBe(expected);
    expect(matches(filter, withNulls)).toBe(expected);
  });
});
