import { describe, expect, it } from 'vitest';
import {
  clausesOf,
  filterWords,
  localClausesOf,
  withoutClause,
  withoutLocalClause,
} from '../../../../web/app/filter/clauses.ts';
import { causeOf, questionsOf } from '../../../../web/app/filter/explanation.ts';
import { timeframeSpellings } from '../../../../web/app/filter/timeframes.ts';
import { type LocalFilter, NO_LOCAL_FILTER } from '../../../../web/app/state/filters.ts';

const filter = { symbols: ['NVDA'], confidence_min: 0.8 };
const counts = (total: number, without: [string, number][], atConfidence: [number, number][] = []) =>
  ({ total, without: new Map(without), atConfidence: new Map(atConfidence) }) as never;

describe('an empty column', () => {
  it('says which part of the filter hides most, and lowers a confidence just so far that something is left', () => {
    const at = counts(
      90,
      [
        ['symbols', 7],
        ['confidence_min', 41],
      ],
      [
        [500, 40],
        [600, 9],
        [700, 0],
      ],
    );
    expect(causeOf('Daily', filter, at)).toEqual({
      words: 'No Daily patterns match. 41 hidden by confidence ≥ 80',
      remedies: [
        { label: 'Lower to 60', filter: { symbols: ['NVDA'], confidence_min: 0.6 } },
        { label: 'Drop NVDA', filter: { confidence_min: 0.8 } },
      ],
    });
  });

  it('names a confidence before a part that hides more, as it can be eased', () => {
    const at = counts(
      90,
      [
        ['symbols', 80],
        ['confidence_min', 1],
      ],
      [[700, 1]],
    );
    expect(causeOf('Daily', filter, at).words).toBe('No Daily patterns match. 1 hidden by confidence ≥ 80');
    const { remedies } = causeOf(
      'Daily',
      { ...filter, timeframes: ['M5'] },
      counts(9, [
        ['symbols', 2],
        ['timeframes', 5],
      ]),
    );
    expect(remedies.map(({ label }) => label)).toEqual(['Drop M5', 'Drop NVDA']);
  });

  it('drops a part that cannot be eased', () => {
    expect(causeOf('Combo', filter, counts(90, [['symbols', 7]])).remedies).toEqual([
      { label: 'Drop NVDA', filter: { confidence_min: 0.8 } },
    ]);
    expect(causeOf('Combo', filter, counts(90, [['confidence_min', 7]], [[700, 0]])).remedies).toEqual([
      { label: 'Drop confidence ≥ 80', filter: { symbols: ['NVDA'] } },
    ]);
  });

  it('says so when only all of it together hides everything, or nothing came', () => {
    expect(causeOf('Daily', filter, counts(90, [])).words).toBe(
      'No Daily patterns match. 90 came in the last hour, none with all of this at once',
    );
    expect(causeOf('Daily', { symbols: ['X'] }, counts(90, [])).words).toBe(
      'No Daily patterns match. 90 came in the last hour, none of this kind',
    );
    expect(causeOf('Daily', filter, counts(0, [])).words).toBe('No Daily pattern came in the last hour.');
  });

  it('says what it can before the counts are there', () => {
    expect(causeOf('Daily', filter, null)).toEqual({ words: 'No Daily patterns match.', remedies: [] });
    expect(causeOf('Daily', {}, counts(1, []))).toEqual({ words: 'No Daily patterns match.', remedies: [] });
  });

  it('asks for the filter without each part, and for lower confidences only', () => {
    expect(questionsOf(filter)).toEqual({ without: ['symbols', 'confidence_min'], confidences: [700, 600, 500] });
    expect(questionsOf({})).toEqual({ without: [], confidences: [] });
  });
});

describe('the parts of a filter', () => {
  it('are named in words, long lists shortly', () => {
    const all = {
      symbols: ['A', 'B', 'C', 'D'],
      exclude_symbols: ['TSLA'],
      pattern_types: ['Bull_Flag', 'Doji'],
      exclude_pattern_types: ['_'],
      timeframes: [...timeframeSpellings('5m')!, 'M5'],
      market_sessions: ['pre_market', 'lunch'],
      confidence_min: 0.801,
      priority_min: 'high' as const,
    };
    expect(clausesOf(all).map(({ words }) => words)).toEqual([
      'A, B +2',
      'not TSLA',
      'Bull Flag, Doji',
      'not _',
      '5m, M5',
      'Pre-market, lunch',
      'confidence > 80',
      'priority ≥ high',
    ]);
    expect(filterWords(all)).toContain('A, B, C, D, not TSLA, Bull Flag, Doji');
    expect(filterWords({})).toBe('everything');
  });

  it('are taken away one by one', () => {
    expect(withoutClause(filter, 'symbols')).toEqual({ confidence_min: 0.8 });
    const local: LocalFilter = {
      directions: ['up'],
      sectors: ['Energy', 'n/a'],
      maxAgeMs: 600_000,
      text: 'flag',
      starredOnly: true,
    };
    expect(localClausesOf(local).map(({ words }) => words)).toEqual([
      'direction up',
      'sector Energy, n/a',
      'age < 10m',
      'starred',
      '“flag”',
    ]);
    expect(localClausesOf(local).reduce((left, { id }) => withoutLocalClause(left, id), local)).toEqual(
      NO_LOCAL_FILTER,
    );
  });
});
