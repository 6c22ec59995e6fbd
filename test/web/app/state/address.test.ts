import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TIERS } from '../../../../shared/topics.ts';
import {
  applyQuery,
  currentQuery,
  dismissLinkProblems,
  followAddress,
  linkProblems,
  shareLink,
} from '../../../../web/app/state/address.ts';
import { defaultFilters } from '../../../../web/app/state/filters.ts';
import { changeColumn, columnSettings } from '../../../../web/app/state/settings.ts';
import { mainFilter, setFilters, setMain } from '../../../../web/app/state/tiers.ts';
import { eventually } from '../../../support/eventually.ts';

/** A browser's address and history, and nothing else of one. */
class Address {
  readonly entries: { url: string; state: unknown }[];
  at = 0;
  readonly #events = new EventTarget();

  constructor(search: string) {
    this.entries = [{ url: `/${search}`, state: null }];
    const of = (part: (url: URL) => string) => part(new URL(this.entries[this.at]!.url, 'http://page'));
    vi.stubGlobal('location', {
      origin: 'http://page',
      pathname: '/',
      hash: '',
      get search() {
        return of(url => url.search);
      },
      get href() {
        return of(url => url.href);
      },
    });
    vi.stubGlobal('history', {
      replaceState: (state: unknown, _: string, url: string) => {
        this.entries[this.at] = { url, state };
      },
      pushState: (state: unknown, _: string, url: string) => {
        this.entries.splice(++this.at, Number.POSITIVE_INFINITY, { url, state });
      },
    });
    vi.stubGlobal('addEventListener', this.#events.addEventListener.bind(this.#events));
    vi.stubGlobal('removeEventListener', this.#events.removeEventListener.bind(this.#events));
    vi.stubGlobal('fetch', async (path: string) =>
      Response.json(
        path.endsWith('/symbols')
          ? { symbols: [] }
          : {
              pattern_types: [{ pattern_type: 'Doji', tiers: ['daily'], last_seen_at: '' }],
              timeframes: [],
              universes: [],
            },
      ),
    );
  }

  go(by: number): void {
    this.at += by;
    this.#events.dispatchEvent(Object.assign(new Event('popstate'), { state: this.entries[this.at]!.state }));
  }

  get search(): string {
    return decodeURIComponent(new URL(this.entries[this.at]!.url, 'http://page').search);
  }
}

let stop = () => {};
const isShown = signal(true);
function open(search: string): Address {
  const address = new Address(search);
  stop = followAddress(isShown);
  return address;
}
beforeEach(() => {
  for (const tier of TIERS) {
    setFilters(tier, defaultFilters());
    changeColumn(tier, { view: 'grouped' });
  }
  dismissLinkProblems();
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

describe('the address', () => {
  it('stays as it was opened until something is changed', () => {
    const address = open('?x=1');
    expect(address.search).toBe('?x=1');
    setMain('daily', { confidence_min: 0.7 });
    expect(address.search).toBe('?x=1&d=conf>=70&i=conf>=60&c=conf>=60&v=ggg');
    changeColumn('combo', { view: 'top' });
    expect(address.search).toContain('&v=ggt');
    expect(address.entries).toHaveLength(1);
  });

  it('says what is shown when it says anything', () => {
    open('?i=conf>85&v=s');
    expect(mainFilter('intraday')).toEqual({ confidence_min: 0.851 });
    expect(mainFilter('daily')).toEqual({ confidence_min: 0.6 });
    expect(columnSettings.daily.value.view).toBe('stream');
    expect(linkProblems.value).toHaveLength(2);
    setMain('daily', {});
    expect(linkProblems.value).toEqual([]);
  });

  it('says nothing of filters that are too long for it, and no old ones either', () => {
    const address = open('?d=NVDA');
    setMain('daily', { symbols: Array.from({ length: 400 }, (_, n) => `SYMBOL${n}`) });
    expect(address.search).toBe('');
    expect(shareLink()).toBeNull();
    setMain('daily', { symbols: ['NVDA'] });
    expect(shareLink()).toBe('http://page/?d=sym:NVDA&i=conf%3E=60&c=conf%3E=60&v=ggg');
  });

  it('goes back to what was shown before a view was applied, however long that is, and forth again', () => {
    const symbols = Array.from({ length: 400 }, (_, n) => `SYMBOL${n}`).sort();
    const address = open('');
    setMain('daily', { symbols });
    const before = currentQuery();
    applyQuery('d=conf>=90&v=ttt');
    expect(address.search).toContain('d=conf>=90');
    address.go(-1);
    expect(mainFilter('daily')).toEqual({ symbols });
    expect(currentQuery()).toBe(before);
    address.go(1);
    expect(mainFilter('daily')).toEqual({ confidence_min: 0.9 });
    expect(columnSettings.daily.value.view).toBe('top');
  });

  it('is that of another page while that is shown, and says what was changed meanwhile afterwards', () => {
    const address = open('?d=NVDA');
    isShown.value = false;
    setMain('daily', { symbols: ['AAPL'] });
    address.go(0);
    expect(address.search).toBe('?d=NVDA');
    expect(mainFilter('daily')).toEqual({ symbols: ['AAPL'] });
    isShown.value = true;
    expect(address.search).toContain('d=sym:AAPL');
  });

  it('with bare words is read anew once the patterns are known, unless something was changed', async () => {
    // Modules of its own: nothing has asked for the patterns yet, and no other test has an answer under way.
    vi.resetModules();
    const { followAddress, linkProblems } = await import('../../../../web/app/state/address.ts');
    const { mainFilter, setMain } = await import('../../../../web/app/state/tiers.ts');
    const address = new Address('?d=!doji&i=foo:bar');
    stop = followAddress(isShown);
    await eventually(() => expect(mainFilter('daily')).toEqual({ exclude_pattern_types: ['Doji'] }));
    expect(address.search).toBe('?d=!doji&i=foo:bar');
    expect(linkProblems.value).toHaveLength(1);
    stop();
    const changed = new Address('?d=hammer');
    stop = followAddress(isShown);
    setMain('daily', { symbols: ['A'] });
    expect(changed.search).toContain('d=sym:A');
  });
});
