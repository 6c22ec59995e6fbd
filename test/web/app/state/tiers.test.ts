import { effect } from '@preact/signals';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { TIERS } from '../../../../shared/topics.ts';
import {
  activeSubscriptions,
  canonicalFilter,
  countParts,
  defaultFilters,
  NO_LOCAL_FILTER,
} from '../../../../web/app/state/filters.ts';
import { readFilter, readLocal, readSubscriptions } from '../../../../web/app/state/read-filters.ts';
import { type Storage, stored, withoutStoring } from '../../../../web/app/state/stored.ts';
import {
  applyToAllTiers,
  clearFilters,
  filtersOf,
  mainOf,
  setFilters,
  setLocal,
  setMain,
  setSubscriptions,
  tiers,
} from '../../../../web/app/state/tiers.ts';
import { localFilters, pageFilters, tierFilters } from '../arbitraries.ts';

beforeEach(() => {
  for (const tier of TIERS) setFilters(tier, defaultFilters());
});
const watchlist = { id: 'w', name: 'Watchlist', filter: { symbols: ['AAPL'] }, isPaused: false };

describe('the filters of a tier', () => {
  it('ask for a confidence of 60 until somebody says otherwise', () => {
    for (const tier of TIERS) expect(mainOf(tier).filter).toEqual({ confidence_min: 0.6 });
  });

  it('have one form for what means the same', () => {
    expect(
      canonicalFilter({
        kinds: ['pattern'],
        symbols: ['tsla', ' NVDA', 'TSLA', ' '],
        timeframes: [],
        confidence_min: 0,
      }),
    ).toEqual({ symbols: ['NVDA', 'TSLA'] });
    expect(canonicalFilter({ priority_min: 'low', pattern_types: ['b', 'a'] })).toEqual({ pattern_types: ['a', 'b'] });
    fc.assert(
      fc.property(pageFilters, filter => {
        expect(canonicalFilter(filter)).toEqual(filter);
      }),
    );
  });

  it('wake nobody when they are set to what they are', () => {
    setSubscriptions('daily', [...filtersOf('daily').subscriptions, watchlist]);
    let runs = 0;
    const stop = effect(() => {
      filtersOf('daily');
      runs++;
    });
    setFilters('daily', structuredClone(filtersOf('daily')));
    setMain('daily', { confidence_min: 0.6000001 });
    setLocal('daily', {});
    expect(runs).toBe(1);
    setMain('daily', { confidence_min: 0.7 });
    expect(runs).toBe(2);
    stop();
  });

  it('change one subscription without the others', () => {
    setSubscriptions('daily', [...filtersOf('daily').subscriptions, watchlist]);
    setMain('daily', { symbols: ['nvda'] });
    expect(filtersOf('daily').subscriptions.map(({ filter }) => filter)).toEqual([
      { symbols: ['NVDA'] },
      { symbols: ['AAPL'] },
    ]);
  });

  it('can be given to all tiers, whose further subscriptions stay', () => {
    setSubscriptions('combo', [...filtersOf('combo').subscriptions, watchlist]);
    setMain('daily', { symbols: ['NVDA'] });
    setLocal('daily', { text: 'flag' });
    applyToAllTiers('daily');
    for (const tier of TIERS) {
      expect(mainOf(tier).filter).toEqual({ symbols: ['NVDA'] });
      expect(filtersOf(tier).local).toEqual({ ...NO_LOCAL_FILTER, text: 'flag' });
    }
    expect(filtersOf('combo').subscriptions).toContainEqual(watchlist);
  });

  it('can be cleared, so that everything is sent and shown', () => {
    setSubscriptions('daily', [{ ...mainOf('daily'), isPaused: true }, watchlist]);
    setLocal('daily', { starredOnly: true });
    clearFilters('daily');
    expect(filtersOf('daily')).toEqual({
      subscriptions: [{ id: 'main', name: 'Main', filter: {}, isPaused: false }, watchlist],
      local: NO_LOCAL_FILTER,
    });
  });

  it('are counted, where there is no room to name them', () => {
    expect(countParts(defaultFilters())).toBe(1);
    const local = { directions: ['up' as const], sectors: ['Energy'], maxAgeMs: 1_000, text: 'x', starredOnly: true };
    expect(countParts({ subscriptions: [{ ...watchlist, filter: {} }, watchlist], local })).toBe(6);
  });

  it('send to the server what is not paused', () => {
    const paused = { ...watchlist, id: 'p', isPaused: true };
    expect(activeSubscriptions([...defaultFilters().subscriptions, watchlist, paused])).toEqual([
      { id: 'main', filter: { confidence_min: 0.6 } },
      { id: 'w', filter: { symbols: ['AAPL'] } },
    ]);
  });
});

describe('stored filters', () => {
  it('are read as they were kept', () => {
    fc.assert(
      fc.property(tierFilters, localFilters, ({ subscriptions }, local) => {
        expect(readSubscriptions(JSON.parse(JSON.stringify(subscriptions)))).toEqual(subscriptions);
        expect(readLocal(JSON.parse(JSON.stringify(local)))).toEqual(local);
      }),
    );
  });

  it('survive garbage', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        readSubscriptions(value);
        readSubscriptions([value, { id: 'a', name: 'b', filter: value }]);
        expect(readLocal(value)).toEqual(expect.objectContaining({ directions: expect.any(Array) }));
      }),
    );
  });

  it('keep what is usable, and never read a broken filter as one that asks for more', () => {
    const broken = [
      null,
      7,
      { id: 'x', name: 'no filter' },
      { id: 'x', name: 'list', filter: [] },
      { id: 'x', name: 'symbols', filter: { symbols: 'AAPL' } },
      { id: 'x', name: 'numbers', filter: { symbols: [1] } },
      { id: 'x', name: 'field', filter: { sectors: ['Tech'] } },
      { id: 'x', name: 'confidence', filter: { confidence_min: 2 } },
      { id: 'x', name: 'confidence', filter: { confidence_min: '0.7' } },
      { id: 'x', name: 'priority', filter: { priority_min: 'urgent' } },
      { id: '', name: 'no id', filter: {} },
      { id: 'x', name: ' ', filter: {} },
      { id: 'x', name: 'n'.repeat(41), filter: {} },
      { id: 'x', name: 'many', filter: { symbols: Array.from({ length: 1_001 }, (_, n) => `S${n}`) } },
    ];
    expect(readSubscriptions([...broken, watchlist])).toEqual([...defaultFilters().subscriptions, watchlist]);
  });

  it('have the main subscription first, and ids and names once', () => {
    const main = { id: 'main', name: 'Main', filter: {}, isPaused: true };
    const again = { ...watchlist, name: 'Other' };
    const sameName = { ...watchlist, id: 'w2' };
    expect(readSubscriptions([watchlist, again, sameName, main])).toEqual([main, watchlist]);
    expect(readSubscriptions('no list')).toBeUndefined();
  });

  it('read each part of what is hidden on the page alone', () => {
    expect(
      readLocal({
        directions: ['up', 'left'],
        sectors: [' Energy', 'Energy'],
        maxAgeMs: 1.5,
        text: ' x ',
        starredOnly: 1,
      }),
    ).toEqual({
      directions: ['up'],
      sectors: ['Energy'],
      maxAgeMs: null,
      text: 'x',
      starredOnly: false,
    });
    expect(readLocal({ directions: 'up', text: 'x'.repeat(101), maxAgeMs: -1_000 })).toEqual(NO_LOCAL_FILTER);
    expect(readFilter('x')).toBeUndefined();
  });
});

describe('a value that is shown for a link', () => {
  it('is not kept until it is set again', () => {
    const kept = new Map<string, string>();
    const storage: Storage = {
      getItem: key => kept.get(key) ?? null,
      setItem: (key, text) => kept.set(key, text),
      onChange: () => {},
    };
    const value = stored('x', 1, read => (typeof read === 'number' ? read : undefined), { storage });
    withoutStoring(() => {
      value.value = 2;
    });
    expect(value.value).toBe(2);
    expect(kept.size).toBe(0);
    value.value = 3;
    expect([...kept.values()]).toEqual(['3']);
    expect(() =>
      withoutStoring(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    value.value = 4;
    expect([...kept.values()]).toEqual(['4']);
  });

  it('leaves the filters of a tier as live as any', () => {
    withoutStoring(() => setMain('combo', { symbols: ['NVDA'] }));
    expect(tiers.combo.subscriptions.value[0]!.filter).toEqual({ symbols: ['NVDA'] });
  });
});
