import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Filter, normaliseFilter } from '../../../../shared/filter.ts';
import { judge } from '../../../../shared/judge.ts';
import type { Matchable } from '../../../../shared/matches.ts';
import { clauseRows } from '../../../../web/app/why/clause-words.ts';
import { filters, matchables } from '../../../shared/arbitraries.ts';
import { MATCHABLE } from '../../../shared/samples.ts';

const words = (filter: Filter, event: Matchable = MATCHABLE) =>
  clauseRows(judge(filter, event).clauses).map(({ name, wants, has, holds }) => [name, wants, has, holds]);

describe('the parts of a filter beside an event', () => {
  it('are told in words, what fails first', () => {
    const event = { ...MATCHABLE, symbol: 'AAPL', confidence: 0.705, market_session: 'pre_market' as const };
    expect(
      words(
        {
          kinds: ['pattern'],
          symbols: ['AAPL'],
          confidence_min: 0.8,
          market_sessions: ['regular'],
          exclude_pattern_types: ['Weekly_Breakout'],
          priority_min: 'medium',
        },
        event,
      ),
    ).toEqual([
      ['Session', 'Regular', 'Pre-market', false],
      ['Confidence', '≥ 80', '70.5', false],
      ['Symbol', 'AAPL', 'AAPL', true],
      ['Priority', '≥ medium', 'medium', true],
      ['Pattern', 'not Weekly Breakout', 'Breakout BO', true],
    ]);
  });

  it('tell the kind only where it is the reason, and what the event has none of', () => {
    expect(words({ kinds: ['pattern'], symbols: ['AAPL'] }, { kind: 'outcome' })).toEqual([
      ['Kind', 'pattern', 'outcome', false],
      ['Symbol', 'AAPL', 'none', false],
    ]);
  });

  it('tell of a long list how much more there is, and are none where nothing is asked', () => {
    const symbols = Array.from({ length: 15 }, (_, i) => `S${i}`);
    expect(words({ symbols })[0]![1]).toBe(`${symbols.slice(0, 12).join(', ')} +3`);
    expect(words({ kinds: ['pattern'] })).toEqual([]);
  });

  it('tell every part that fails, whatever the filter and the event', () => {
    fc.assert(
      fc.property(filters, matchables, (filter, event) => {
        const { clauses } = judge(normaliseFilter('daily', filter), event);
        const told = clauseRows(clauses)
          .filter(({ holds }) => !holds)
          .map(({ clause }) => clause);
        expect(told).toEqual(clauses.filter(({ holds }) => !holds).map(({ clause }) => clause));
      }),
    );
  });
});
