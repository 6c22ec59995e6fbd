import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Filter, normaliseFilter } from '../../shared/filter.ts';
import { FILTER_CLAUSES, judge } from '../../shared/judge.ts';
import { matches } from '../../shared/matches.ts';
import { filters, matchables } from './arbitraries.ts';
import { MATCHABLE } from './samples.ts';

const judged = (filter: Filter, event = MATCHABLE) =>
  judge(filter, event)
    .clauses.filter(({ wants }) => wants !== null)
    .map(({ clause, wants, event_has, holds }) => [clause, wants, event_has, holds]);

describe('an event before a filter', () => {
  it('is held against each part of it, and each part tells what it wants and what the event has', () => {
    const filter: Filter = {
      kinds: ['pattern'],
      symbols: ['NVDA', 'TSLA'],
      confidence_min: 0.8,
      priority_min: 'low',
      exclude_symbols: ['AAPL'],
      exclude_pattern_types: ['Doji'],
      timeframes: [],
    };
    expect(judged(filter)).toEqual([
      ['kinds', ['pattern'], 'pattern', true],
      ['symbols', ['NVDA', 'TSLA'], 'AAPL', false],
      ['confidence_min', 0.8, MATCHABLE.confidence, false],
      ['priority_min', 'low', MATCHABLE.priority, true],
      ['exclude_symbols', ['AAPL'], 'AAPL', false],
      ['exclude_pattern_types', ['Doji'], MATCHABLE.pattern_type, true],
    ]);
  });

  it('tells every part, also those that the filter does not ask about', () => {
    const { clauses } = judge({}, { kind: 'system_health' });
    expect(clauses.map(({ clause }) => clause)).toEqual([...FILTER_CLAUSES]);
    expect(clauses.every(({ holds, wants }) => holds && wants === null)).toBe(true);
    expect(clauses.find(({ clause }) => clause === 'symbols')!.event_has).toBeNull();
  });
});

describe('whatever the filter and the event', () => {
  const normal = fc
    .record({ topic: fc.constantFrom('daily', 'system'), filter: filters } as const)
    .map(({ topic, filter }) => normaliseFilter(topic, filter));

  it('the verdict is that of the one definition of matching', () => {
    fc.assert(
      fc.property(fc.oneof(normal, filters), matchables, (filter, event) => {
        expect(judge(filter, event).matches).toBe(matches(filter, event));
      }),
      { numRuns: 2_000 },
    );
  });

  it('the event matches once all that fails is left out, and not while any of it is left', () => {
    fc.assert(
      fc.property(normal, matchables, (filter, event) => {
        const failing = judge(filter, event).clauses.filter(({ holds }) => !holds);
        const without = (clauses: typeof failing) =>
          Object.fromEntries(
            Object.entries(filter).filter(([name]) => !clauses.some(({ clause }) => clause === name)),
          ) as Filter;
        expect(matches(without(failing), event)).toBe(true);
        for (const left of failing) {
          expect(matches(without(failing.filter(clause => clause !== left)), event)).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
