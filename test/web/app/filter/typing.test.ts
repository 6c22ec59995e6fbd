import { describe, expect, it } from 'vitest';
import { readTyped } from '../../../../web/app/filter/typing.ts';

const vocabulary = {
  patternTypes: ['Bull_Flag'],
  symbols: ['NVDA', 'V'],
  timeframes: ['Swing'],
  universes: ['tech'],
  sectors: ['Energy', 'Real Estate'],
};
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
    'sym=TSL|',
    'pat:=Bull|',
    'in:te|',
    'in:tech,ot|',
    'tf:15mi|',
    'tf:5m,Swi|',
    'sector:Ener|',
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
    ['in:Tech|', { symbols: ['IN TECH'] }],
    ['in:other |', { symbols: ['IN OTHER'] }],
    ['tf:Swing|', { timeframes: ['Swing'] }],
    ['|', {}],
  ])('%j is acted on', (marked, filter) => {
    expect(typed(marked)?.filter).toEqual(filter);
  });

  it.each(['sector:energy|', 'sector:"Real Estate"|', 'sector:Mining |'])('%j is acted on', marked => {
    expect(typed(marked)?.local.sectors).toHaveLength(1);
  });

  it('that is a timeframe by itself is acted on', () => {
    for (const marked of ['5m|', 'tf:5m|']) expect(typed(marked)?.filter.timeframes).toContain('5min');
  });
});
