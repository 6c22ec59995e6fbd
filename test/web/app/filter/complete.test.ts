import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complete, take } from '../../../../web/app/filter/complete.ts';

const vocabulary = {
  patternTypes: ['Doji', 'Bull_Flag', 'Bear_Flag', 'Flag', 'Head and Shoulders'],
  symbols: ['NVDA', 'NVAX', 'NVD', 'D'],
  timeframes: ['5min', '5m', '15min', 'M5', 'daily'],
  universes: ['nasdaq100', 'tech'],
  sectors: ['Energy', 'Health Care', 'n/a'],
};
/** `|` marks the caret. */
const offered = (marked: string) =>
  complete(marked.replace('|', ''), marked.indexOf('|'), vocabulary).options.map(({ text }) => text);
const taken = (marked: string, at = 0) => {
  const text = marked.replace('|', '');
  const completions = complete(text, marked.indexOf('|'), vocabulary);
  const result = take(text, completions, completions.options[at]!);
  return `${result.text.slice(0, result.caret)}|${result.text.slice(result.caret)}`;
};

const KEYS = ['sym:', 'in:', 'pat:', 'tf:', 'conf>=', 'prio:', 'session:', 'dir:', 'sector:', 'age<', 'is:starred'];

describe('completion', () => {
  it.each([
    ['nv|', ['NVD', 'NVDA', 'NVAX']],
    ['flag|', ['Flag', 'Bull_Flag', 'Bear_Flag']],
    ['head|', ['pat:"Head and Shoulders"']],
    ['!d|', ['Doji', 'Head and Shoulders', 'D'].map(text => (text.includes(' ') ? `pat:"${text}"` : text))],
    ['con|', ['conf>=']],
    ['is|', ['is:starred']],
    ['s|', ['sym:', 'session:', 'sector:', 'pat:"Head and Shoulders"']],
    ['tf:|', ['5m', '15m', 'M5', '1d']],
    ['tf:5m,1|', ['15m', '1d']],
    ['tf:=1|', ['15m', '1d']],
    ['pat:"head|', ['"Head and Shoulders"']],
    ['sym:nva|', ['NVAX']],
    ['in:t|', ['tech']],
    ['in:tech,|', ['nasdaq100', 'tech']],
    ['session:p|', ['pre', 'post']],
    ['sector:h|', ['"Health Care"']],
    ['sector:|', ['Energy', '"Health Care"', 'n/a']],
    ['dir:|', ['up', 'down', 'other']],
    ['prio:h|', ['high']],
    ['conf>=7|', ['70']],
    ['age<|', ['1m', '5m', '15m', '1h']],
    ['is:|', ['starred']],
    ['|', KEYS],
    ['NVDA |', KEYS],
    ['NVDA |TSLA', KEYS],
    ['zzz|', []],
  ])('%j offers %j', (marked, options) => {
    expect(offered(marked)).toEqual(options);
  });

  it.each([
    ['nv|', 'NVD |'],
    ['TSLA !do| conf>=70', 'TSLA !Doji| conf>=70'.replace('| ', ' |')],
    ['con|', 'conf>=|'],
    ['tf:5m,1|', 'tf:5m,15m |'],
    ['dir:u|p', 'dir:up |'],
  ])('%j becomes %j', (marked, result) => {
    expect(taken(marked)).toBe(result);
  });

  it('never throws, offers few, and replaces what is before the caret', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, at) => {
        const caret = at % (text.length + 1);
        const completions = complete(text, caret, vocabulary);
        expect(completions.options.length).toBeLessThanOrEqual(11);
        expect(completions.from).toBeLessThanOrEqual(caret);
        expect(completions.to).toBeGreaterThanOrEqual(caret);
        for (const option of completions.options) take(text, completions, option);
      }),
    );
  });
});
