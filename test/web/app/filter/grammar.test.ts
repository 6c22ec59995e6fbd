import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../../shared/filter.ts';
import { parse } from '../../../../web/app/filter/grammar.ts';
import { print } from '../../../../web/app/filter/print.ts';
import { timeframeSpellings } from '../../../../web/app/filter/timeframes.ts';
import { type LocalFilter, NO_LOCAL_FILTER } from '../../../../web/app/state/filters.ts';
import { localFilters, pageFilters, vocabularies } from '../arbitraries.ts';

const vocabulary = {
  patternTypes: ['Doji', 'Bull_Flag', 'BullFlag', 'VWAP_Break', 'BreakoutBO'],
  symbols: ['NVDA', 'DOJI'],
  timeframes: ['5min'],
  universes: ['tech'],
  sectors: ['Energy'],
};
const says = (text: string) => {
  const { filter, local, mistakes } = parse(text, vocabulary);
  expect(mistakes).toEqual([]);
  return { filter, local };
};
const mistakesOf = (text: string) => parse(text, vocabulary).mistakes;

describe('a filter’s text', () => {
  const server: [text: string, filter: Filter][] = [
    ['', {}],
    ['NVDA', { symbols: ['NVDA'] }],
    ['nvda TSLA', { symbols: ['NVDA', 'TSLA'] }],
    ['sym:BRK.B,aapl', { symbols: ['AAPL', 'BRK.B'] }],
    ['ES=F', { symbols: ['ES=F'] }],
    ['!TSLA !sym:"a:b"', { exclude_symbols: ['A:B', 'TSLA'] }],
    ['in:Tech', { symbols: ['IN TECH'] }],
    ['NVDA in:s_p-500,tech', { symbols: ['IN S_P-500', 'IN TECH', 'NVDA'] }],
    ['sym:IN', { symbols: ['IN'] }],
    ['doji', { pattern_types: ['Doji'] }],
    ['DOJI', { pattern_types: ['Doji'] }],
    ['sym:DOJI', { symbols: ['DOJI'] }],
    ['vwapbreak', { pattern_types: ['VWAP_Break'] }],
    ['pat:"bull flag"', { pattern_types: ['BullFlag', 'Bull_Flag'] }],
    ['Bull_Flag', { pattern_types: ['Bull_Flag'] }],
    ['pat:Unheard_Of', { pattern_types: ['Unheard_Of'] }],
    ['pat:=doji', { pattern_types: ['doji'] }],
    ['!doji !pat:"Head, Shoulders"', { exclude_pattern_types: ['Doji', 'Head, Shoulders'] }],
    ['tf:5m', { timeframes: [...timeframeSpellings('5min')!].sort() }],
    ['5m', { timeframes: [...timeframeSpellings('5min')!].sort() }],
    ['tf:=5min', { timeframes: ['5min'] }],
    ['tf:M5', { timeframes: ['M5'] }],
    ['session:regular,pre-market', { market_sessions: ['pre_market', 'regular'] }],
    ['session:=lunch', { market_sessions: ['lunch'] }],
    ['pat:_', { pattern_types: ['_'] }],
    ['session:AFTER', { market_sessions: ['post_market'] }],
    ['conf>85', { confidence_min: 0.851 }],
    ['conf>=85', { confidence_min: 0.85 }],
    ['conf:85', { confidence_min: 0.85 }],
    ['confidence≥85.5', { confidence_min: 0.855 }],
    ['conf>=0.85', { confidence_min: 0.85 }],
    ['conf>=.85', { confidence_min: 0.85 }],
    ['conf>=1', { confidence_min: 0.01 }],
    ['conf>=0.5%', { confidence_min: 0.005 }],
    ['conf>=100', { confidence_min: 1 }],
    ['conf>=0', {}],
    ['prio:high', { priority_min: 'high' }],
    ['PRIO>=Critical', { priority_min: 'critical' }],
  ];
  it.each(server)('%j asks the server for %j', (text, filter) => {
    expect(says(text)).toEqual({ filter, local: NO_LOCAL_FILTER });
  });

  const page: [text: string, local: Partial<LocalFilter>][] = [
    ['dir:up', { directions: ['up'] }],
    ['dir:bearish,neutral', { directions: ['down', 'other'] }],
    ['age<10m', { maxAgeMs: 600_000 }],
    ['age<=90S', { maxAgeMs: 90_000 }],
    ['"free  text"', { text: 'free  text' }],
    ['"say \\"so\\""', { text: 'say "so"' }],
    ['sector:Energy,"Health Care" sector:Energy', { sectors: ['Energy', 'Health Care'] }],
    ['sector:n/a', { sectors: ['n/a'] }],
    ['is:starred', { starredOnly: true }],
  ];
  it.each(page)('%j hides rows on the page by %j', (text, local) => {
    expect(says(text)).toEqual({ filter: {}, local: { ...NO_LOCAL_FILTER, ...local } });
  });

  it('adds up all of its words', () => {
    expect(says('NVDA conf>85 tf:=5m !doji').filter).toEqual({
      symbols: ['NVDA'],
      confidence_min: 0.851,
      timeframes: ['5m'],
      exclude_pattern_types: ['Doji'],
    });
  });

  const wrong: [text: string, token: string, at: number, message: RegExp][] = [
    ['NVDA conf>', 'conf>', 5, /needs a number/],
    ['conf', 'conf', 0, /needs a value/],
    ['conf>=101', 'conf>=101', 0, /at most 100/],
    ['conf>100', 'conf>100', 0, /nothing is above/],
    ['conf<50', 'conf<50', 0, /highest/],
    ['conf>=70 conf>=80', 'conf>=80', 9, /twice/],
    ['prio:high prio:low', 'prio:low', 10, /twice/],
    ['prio:urgent', 'prio:urgent', 0, /low, medium, high, critical/],
    ['prio>high', 'prio>high', 0, /is written/],
    ['age<10m age<5m', 'age<5m', 8, /twice/],
    ['age>10m', 'age>10m', 0, /least age/],
    ['age<0s', 'age<0s', 0, /1s to 30d/],
    ['age<31d', 'age<31d', 0, /1s to 30d/],
    ['age<soon', 'age<soon', 0, /needs a time/],
    ['session:lunch', 'session:lunch', 0, /no session "lunch"/],
    ['dir:sideways', 'dir:sideways', 0, /no direction/],
    ['is:new', 'is:new', 0, /no mark/],
    ['foo:bar', 'foo:bar', 0, /no filter "foo"/],
    ['in:', 'in:', 0, /needs a value: in:tech/],
    ['in:"a b"', 'in:"a b"', 0, /no name of a universe/],
    ['!in:tech', '!in:tech', 0, /only patterns and symbols/],
    ['pat:', 'pat:', 0, /needs a value/],
    ['pat:a,', 'pat:a,', 0, /needs a value/],
    ['pat:"a', 'pat:"a', 0, /quote/],
    ['"a', '"a', 0, /quote/],
    ['"a"b', '"a"b', 0, /quote/],
    ['""', '""', 0, /empty/],
    [`"${'x'.repeat(101)}"`, `"${'x'.repeat(101)}"`, 0, /at most 100/],
    ['"a" "b"', '"b"', 4, /already/],
    ['!', '!', 0, /needs a pattern or a symbol/],
    ['!"a"', '!"a"', 0, /only patterns and symbols/],
    ['!tf:5m', '!tf:5m', 0, /only patterns and symbols/],
    ['!5m', '!5m', 0, /timeframe cannot be excluded/],
    ['sym:"a b"', 'sym:"a b"', 0, /no symbol/],
    [`${'x'.repeat(21)}`, `${'x'.repeat(21)}`, 0, /no symbol/],
    [`pat:${'x'.repeat(101)}`, `pat:${'x'.repeat(101)}`, 0, /at most 100/],
    [`tf:${'x'.repeat(101)}`, `tf:${'x'.repeat(101)}`, 0, /at most 100/],
    ['sym>=A', 'sym>=A', 0, /is written/],
  ];
  it.each(wrong)('%j is told of with its word, place and cause', (text, token, at, message) => {
    expect(mistakesOf(text)).toEqual([{ token, at, message: expect.stringMatching(message) }]);
  });

  it('counts what is right beside what is wrong, but no part of a word that is wrong', () => {
    expect(parse('NVDA conf> session:regular,lunch prio:high').filter).toEqual({
      symbols: ['NVDA'],
      priority_min: 'high',
    });
  });

  it('is read as the filters it was written from, whatever is known', () => {
    fc.assert(
      fc.property(pageFilters, localFilters, vocabularies, (filter, local, known) => {
        expect(parse(print({ filter, local }, known), known)).toEqual({ filter, local, mistakes: [] });
      }),
    );
  });

  it('written for a link, is read the same by those who know other patterns', () => {
    fc.assert(
      fc.property(pageFilters, localFilters, vocabularies, (filter, local, known) => {
        expect(parse(print({ filter, local }), known)).toEqual({ filter, local, mistakes: [] });
      }),
    );
  });

  it('once written stays as it is', () => {
    const words = fc.constantFrom(
      'NVDA',
      '!doji',
      'tf:5m',
      'conf>85',
      'conf>=0.7',
      'dir:up',
      '"x y"',
      'oops:',
      'pat:"bull flag"',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string())), vocabularies, (tokens, known) => {
        const once = print(parse(tokens.join(' '), known), known);
        expect(print(parse(once, known), known)).toBe(once);
      }),
    );
  });

  it('never throws, and points at each mistake', () => {
    const pieces = fc.constantFrom(
      '"',
      '\\',
      '!',
      ':',
      ',',
      '=',
      '>',
      '<',
      ' ',
      'conf',
      'pat',
      'is',
      'age',
      '5m',
      '\u0000',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map(all => all.join('')),
        ),
        text => {
          for (const { token, at, message } of mistakesOf(text)) {
            expect(text.slice(at, at + token.length)).toBe(token);
            expect(message).not.toBe('');
          }
        },
      ),
    );
  });

  it('is written shortly and as people type it', () => {
    const text =
      'NVDA !TSLA Doji tf:5m session:regular dir:up sector:Energy conf>85 prio:high age<10m is:starred "free text"';
    expect(print(says(text), vocabulary)).toBe(text);
    expect(print(says('sym:DOJI Doji'))).toBe('sym:DOJI pat:=Doji');
    expect(print(says('age<120s'))).toBe('age<2m');
    expect(print(says('age<90s'))).toBe('age<90s');
    expect(print(says('conf>=0.5%'))).toBe('conf>=0.5%');
    expect(print(says('session:=lunch'))).toBe('session:=lunch');
  });
});
