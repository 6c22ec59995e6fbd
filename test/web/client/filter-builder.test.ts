import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Filter, normaliseFilter } from '../../../shared/filter.ts';
import { BadFilterError } from '../../../web/client/check-filter.ts';
import { type FilterBuilder, filter } from '../../../web/client/filter-builder.ts';
import { filters } from '../../shared/arbitraries.ts';

describe('a filter that is built', () => {
  it('asks for what its steps ask for', () => {
    const built = filter()
      .symbols('NVDA', 'AAPL')
      .patterns('Doji')
      .timeframes('5min')
      .sessions('regular')
      .kinds('pattern', 'outcome')
      .confidence(0.8)
      .priority('high')
      .exclude({ symbols: ['TSLA'], patterns: ['Hammer'] });
    expect(built.toJSON()).toEqual({
      symbols: ['NVDA', 'AAPL'],
      pattern_types: ['Doji'],
      timeframes: ['5min'],
      market_sessions: ['regular'],
      kinds: ['pattern', 'outcome'],
      confidence_min: 0.8,
      priority_min: 'high',
      exclude_symbols: ['TSLA'],
      exclude_pattern_types: ['Hammer'],
    });
  });

  it('lets everything through as long as nothing is asked for', () => {
    expect(filter().symbols().patterns().exclude({}).toJSON()).toEqual({});
  });

  it('adds values to those that are there, and replaces a threshold', () => {
    expect(
      filter()
        .symbols('A')
        .symbols('B')
        .exclude({ symbols: ['C'] })
        .exclude({ symbols: ['D'] })
        .confidence(0.1)
        .confidence(0.2)
        .toJSON(),
    ).toEqual({ symbols: ['A', 'B'], exclude_symbols: ['C', 'D'], confidence_min: 0.2 });
  });

  it('can ask for every kind, which on a tier is more than to ask for none', () => {
    expect(normaliseFilter('daily', filter().toJSON())).toEqual({ kinds: ['pattern'] });
    expect(normaliseFilter('daily', filter().kinds('outcome').everyKind().toJSON())).toEqual({ kinds: [] });
  });

  it('leaves each builder as it is, so that one begins many', () => {
    const base = filter().symbols('NVDA');
    const json = JSON.stringify(base);
    base
      .symbols('AAPL')
      .confidence(0.9)
      .exclude({ patterns: ['Doji'] })
      .everyKind();
    base.toJSON().symbols!.push('TSLA');
    expect(JSON.stringify(base)).toBe(json);
  });

  it('goes on from another filter, and from another builder', () => {
    const stored: Filter = { symbols: ['A'], confidence_min: 0.5 };
    const built = filter(stored).symbols('B');
    expect(built.toJSON()).toEqual({ symbols: ['A', 'B'], confidence_min: 0.5 });
    expect(filter(built).toJSON()).toEqual(built.toJSON());
    expect(stored).toEqual({ symbols: ['A'], confidence_min: 0.5 });
  });

  it('has the same steps for every filter that the protocol knows', () => {
    fc.assert(
      fc.property(filters, written => {
        expect(stepByStep(written).toJSON()).toEqual(withoutEmpty(written));
      }),
    );
  });
});

describe('a step that the server would refuse', () => {
  it.each<[string, () => FilterBuilder, string]>([
    ['a confidence over 1', () => filter().confidence(80), 'filter.confidence_min: Too big: expected number to be <=1'],
    [
      'no number',
      () => filter().confidence(Number.NaN),
      'filter.confidence_min: Invalid input: expected number, received null',
    ],
    [
      'too many values',
      () => filter().symbols(...Array.from({ length: 1_000 }, (_, i) => `S${i}`)),
      'max_filter_values: 1001 listed values, at most 1000',
    ],
    [
      'too many bytes',
      () => filter().patterns('x'.repeat(15_000)),
      'max_filter_bytes: 15042 bytes of JSON, at most 15000',
    ],
    [
      'a list for a symbol',
      () => filter().symbols(['A'] as never),
      'filter.symbols.0: Invalid input: expected string, received array',
    ],
    ['a misspelt field', () => filter({ symbol: ['A'] } as never), 'filter: Unrecognized key: "symbol"'],
  ])('throws with its words: %s', (_, step, message) => {
    expect(step).toThrow(new BadFilterError(message));
  });
});

it('knows what there is to ask for', () => {
  expectTypeOf(filter().priority).parameter(0).toEqualTypeOf<'low' | 'medium' | 'high' | 'critical'>();
  expectTypeOf(filter().sessions).parameter(0).toEqualTypeOf<'pre_market' | 'regular' | 'post_market' | 'closed'>();
  // @ts-expect-error there is no such kind
  filter().kinds('patern');
});

function stepByStep(written: Filter): FilterBuilder {
  let builder = filter()
    .symbols(...(written.symbols ?? []))
    .patterns(...(written.pattern_types ?? []))
    .timeframes(...(written.timeframes ?? []))
    .sessions(...((written.market_sessions ?? []) as 'regular'[]))
    .exclude({ symbols: written.exclude_symbols ?? [], patterns: written.exclude_pattern_types ?? [] });
  if (written.kinds) builder = builder.everyKind().kinds(...(written.kinds as 'pattern'[]));
  if (written.confidence_min !== undefined) builder = builder.confidence(written.confidence_min);
  if (written.priority_min) builder = builder.priority(written.priority_min);
  return builder;
}

/** An empty list asks for nothing, but one of kinds. */
function withoutEmpty(written: Filter): Filter {
  return Object.fromEntries(
    Object.entries(written).filter(([name, value]) => name === 'kinds' || !Array.isArray(value) || value.length > 0),
  );
}
