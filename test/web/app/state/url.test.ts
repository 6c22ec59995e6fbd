import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultFilters, NO_LOCAL_FILTER } from '../../../../web/app/state/filters.ts';
import { VIEWS } from '../../../../web/app/state/settings.ts';
import { decodeState, encodeState, idFor, MAX_QUERY_BYTES, withoutState } from '../../../../web/app/state/url.ts';
import { tierFilters } from '../arbitraries.ts';

const view = fc.constantFrom(...VIEWS);
const states = fc.record({
  filters: fc.record({ daily: tierFilters, intraday: tierFilters, combo: tierFilters }),
  views: fc.record({ daily: view, intraday: view, combo: view }),
});
const defaults = { daily: defaultFilters(), intraday: defaultFilters(), combo: defaultFilters() };
const grouped = { daily: 'grouped', intraday: 'grouped', combo: 'grouped' } as const;

describe('a link', () => {
  it('says the same to whoever opens it', () => {
    fc.assert(
      fc.property(states, ({ filters, views }) => {
        const { problems, ...decoded } = decodeState(`?${encodeState({ filters, views })}`);
        expect(problems).toEqual([]);
        const anonymous = (state: typeof filters) =>
          Object.values(state).map(({ subscriptions, local }) => ({
            subscriptions: subscriptions.map(({ id: _, ...rest }) => rest),
            local,
          }));
        expect(anonymous(decoded.filters as typeof filters)).toEqual(anonymous(filters));
        expect(decoded.views).toEqual(views);
      }),
    );
  });

  it('is the same when what it says is written again, and in ASCII', () => {
    fc.assert(
      fc.property(states, state => {
        const query = encodeState(state);
        expect(query).toMatch(/^[!-~]*$/);
        const { filters, views } = decodeState(query);
        expect(encodeState({ filters: { ...defaults, ...filters }, views: { ...grouped, ...views } })).toBe(query);
      }),
    );
  });

  it('is short and readable', () => {
    const query = encodeState({ filters: defaults, views: grouped });
    expect(query).toBe('d=conf%3E=60&i=conf%3E=60&c=conf%3E=60&v=ggg');
    expect(query.length).toBeLessThan(MAX_QUERY_BYTES);
  });

  it('can be typed by hand', () => {
    const { filters, views, problems } = decodeState('?i=nvda conf>85&i=-@"Big caps" sym:AAPL&i=@x !TSLA&v=stg');
    expect(problems).toEqual([]);
    expect(filters).toEqual({
      intraday: {
        subscriptions: [
          { id: 'main', name: 'Main', filter: { symbols: ['NVDA'], confidence_min: 0.851 }, isPaused: false },
          { id: 'n-Big caps', name: 'Big caps', filter: { symbols: ['AAPL'] }, isPaused: true },
          { id: 'n-x', name: 'x', filter: { exclude_symbols: ['TSLA'] }, isPaused: false },
        ],
        local: NO_LOCAL_FILTER,
      },
    });
    expect(views).toEqual({ daily: 'stream', intraday: 'top', combo: 'grouped' });
  });

  it('reads bare words as the patterns that are known', () => {
    const known = { patternTypes: ['Doji'], symbols: [], timeframes: [], universes: [], sectors: [] };
    expect(decodeState('d=!doji', known).filters.daily?.subscriptions[0]?.filter).toEqual({
      exclude_pattern_types: ['Doji'],
    });
  });

  it('that names no tier says nothing of it', () => {
    expect(decodeState('')).toEqual({ filters: {}, views: {}, problems: [] });
    expect(decodeState('?c=').filters).toEqual({
      combo: {
        subscriptions: [{ id: 'main', name: 'Main', filter: {}, isPaused: false }],
        local: NO_LOCAL_FILTER,
      },
    });
  });

  it('with further subscriptions alone keeps the main one as it is by default', () => {
    expect(decodeState('d=@x').filters.daily?.subscriptions).toEqual([
      ...defaultFilters().subscriptions,
      { id: 'n-x', name: 'x', filter: {}, isPaused: false },
    ]);
  });

  it.each([
    ['d=conf>', 'Daily: "conf>" at 1 is left out: needs a number from 0 to 100: conf>=70'],
    ['i=NVDA foo:bar', 'Intraday: "foo:bar" at 6 is left out: there is no filter "foo"'],
    ['d=a&d=b', 'Daily: "b" is left out: there is a main filter already, a further one needs a name (@name …)'],
    ['d=@x a&d=@x b', 'Daily: "x" is left out: names are up to 40 characters, each once'],
    ['d=@Main a', 'Daily: "Main" is left out: names are up to 40 characters, each once'],
    [`d=@${'n'.repeat(41)}`, `Daily: "${'n'.repeat(41)}" is left out: names are up to 40 characters, each once`],
    ['c=@x dir:up', 'Combo: x: direction, age, stars and free text are for the main filter only'],
    ['v=gx', 'Intraday: there is no view "x": s, g or t'],
  ])('%j is told to be wrong, and the rest counts', (query, problem) => {
    expect(decodeState(query).problems).toContain(problem);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('d', 'i', 'c', 'v', ''), (text, name) => {
        decodeState(`?${name}=${text}`);
        decodeState(text);
      }),
    );
  });

  it('keeps what else the address says', () => {
    expect(withoutState('?d=x&page=2&i=y&i=z&c=&v=sss')).toBe('page=2');
  });

  it('gives each subscription an id of its own', () => {
    expect(idFor('a', new Set())).toBe('n-a');
    expect(idFor('a', new Set(['n-a', 'n-a-2']))).toBe('n-a-3');
  });
});
