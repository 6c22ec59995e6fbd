import { describe, expect, it } from 'vitest';
import { readTyped } from '../../../../web/app/filter/typing.ts';

const vocabulary = { patternTypes: ['Bull_Flag'], symbols: ['NVDA', 'V'], timeframes: [], universes: [], sectors: [] };
/** `|` marks the caret. */
const typed = (marked: string) => readTyped(marked.replace('|', ''), marked.indexOf('|'), vocabulary);

describe('a filter that is being typed', () => {
  it.each([
    'NV|',
    'conf>=60 NV|',
    'N|V conf>=60',
    'TSLA|',
    '!TS|',
    'conf>|',
    'conf>= NVDA|',
    'NVDA foo:bar |',
    '"half|',
    'sym:TSL|',
    'sym:NVDA,TS|',
    'pat:=Bull|',
  ])('%j is waited for', marked => {
    expect(typed(marked)).toBeNull();
  });

  it.each([
    ['NVDA|', { symbols: ['NVDA'] }],
    ['V|', { symbols: ['V'] }],
    ['TSLA |', { symbols: ['TSLA'] }],
    ['TSLA conf>=70|', { symbols: ['TSLA'], confidence_min: 0.7 }],
    ['bullflag|', { pattern_types: ['Bull_Flag'] }],
    ['!bull_flag|', { exclude_pattern_types: ['Bull_Flag'] }],
    ['sym:NVDA|', { symbols: ['NVDA'] }],
    ['sym:TSL |', { symbols: ['TSL'] }],
    ['sym:TSL,V|', { symbols: ['TSL', 'V'] }],
    ['|', {}],
  ])('%j is acted on', (marked, filter) => {
    expect(typed(marked)?.filter).toEqual(filter);
  });

  it('that is a timeframe by itself is acted on', () => {
    expect(typed('5m|')?.filter.timeframes).toContain('5min');
  });
});
