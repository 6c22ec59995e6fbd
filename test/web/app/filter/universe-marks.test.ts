import { describe, expect, it } from 'vitest';
import { clausesOf } from '../../../../web/app/filter/clauses.ts';
import { parse } from '../../../../web/app/filter/grammar.ts';
import { print } from '../../../../web/app/filter/print.ts';
import { expandUniverses, universeIn, universeMark, withUniverses } from '../../../../web/app/filter/universe-marks.ts';
import { usageOf } from '../../../../web/app/subscriptions/limits.ts';

const UNIVERSES = new Map([['tech', ['AAPL', 'NVDA']]]);
const { filter, local } = parse('NVDA XOM in:tech,moon');

describe('a universe in a filter', () => {
  it('is told from symbols by its mark', () => {
    expect(['IN TECH', 'IN', 'INTC', 'NVDA'].map(universeIn)).toEqual(['tech', null, null, null]);
    expect(universeIn(universeMark('s_p-500'))).toBe('s_p-500');
  });

  it('is sent as its symbols, each once; one that is not known matches nothing, and never everything', () => {
    expect(expandUniverses(filter, UNIVERSES).symbols).toEqual(['IN MOON', 'AAPL', 'NVDA', 'XOM']);
    expect(expandUniverses({ symbols: [universeMark('tech')] }, new Map()).symbols).toEqual(['IN TECH']);
    expect(expandUniverses({ confidence_min: 0.7 }, UNIVERSES)).toEqual({ confidence_min: 0.7 });
  });

  it('is asked for by its name where the server knows it, beside the symbols', () => {
    expect(withUniverses(filter)).toEqual({ symbols: ['NVDA', 'XOM'], universes: ['moon', 'tech'] });
    expect(withUniverses({ symbols: ['NVDA'] })).toEqual({ symbols: ['NVDA'] });
  });

  it('is shown and linked to by its name', () => {
    expect(clausesOf({ symbols: [universeMark('tech'), 'XOM'] })[0]!.words).toBe('in tech, XOM');
    expect(print({ filter, local })).toBe('sym:NVDA,XOM in:moon,tech');
  });

  it('counts against the limits with all of its symbols', () => {
    const subscription = { id: 'main', name: 'Main', filter: { symbols: [universeMark('tech')] }, isPaused: false };
    const sent = (given: typeof filter) => expandUniverses(given, UNIVERSES);
    expect(usageOf('daily', [subscription], sent).values).toBe(usageOf('daily', [subscription]).values + 1);
  });
});
