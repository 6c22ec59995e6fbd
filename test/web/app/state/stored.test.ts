import { describe, expect, it } from 'vitest';
import { flag, oneOf, PREFIX, type Storage, stored, withoutStoring } from '../../../../web/app/state/stored.ts';

/** One browser's storage, with a tab for each `open`: a tab hears of what the others write. */
class Browser {
  readonly entries = new Map<string, string>();
  readonly writes: string[] = [];
  readonly #tabs: ((key: string | null) => void)[][] = [];

  open(): Storage {
    const listeners: ((key: string | null) => void)[] = [];
    this.#tabs.push(listeners);
    return {
      getItem: key => this.entries.get(key) ?? null,
      setItem: (key, text) => {
        this.entries.set(key, text);
        this.writes.push(text);
        this.tell(key, listeners);
      },
      onChange: listener => listeners.push(listener),
    };
  }

  tell(key: string | null, except?: unknown): void {
    for (const tab of this.#tabs) if (tab !== except) for (const listener of tab) listener(key);
  }
}

const KEY = `${PREFIX}theme`;
const WORDS = ['dark', 'light'] as const;
const theme = (storage: Storage | null, options = {}) =>
  stored<'dark' | 'light'>('theme', 'dark', oneOf(WORDS), { storage, ...options });

describe('a stored value', () => {
  it('is the fallback while nothing is kept, and keeps nothing by itself', () => {
    const browser = new Browser();
    expect(theme(browser.open()).value).toBe('dark');
    expect(browser.entries.size).toBe(0);
  });
  it('outlives the page', () => {
    const browser = new Browser();
    theme(browser.open()).value = 'light';
    expect(browser.entries.get(KEY)).toBe('"light"');
    expect(theme(browser.open()).value).toBe('light');
  });
  it.each(['"violet"', '{"a":1}', '{', '', 'null'])('is the fallback when %s is kept', text => {
    const browser = new Browser();
    browser.entries.set(KEY, text);
    expect(theme(browser.open()).value).toBe('dark');
  });
  it('follows other tabs, and answers none of them', () => {
    const browser = new Browser();
    const [one, other] = [theme(browser.open()), theme(browser.open())];
    one.value = 'light';
    expect(other.value).toBe('light');
    other.value = 'dark';
    expect(one.value).toBe('dark');
    expect(browser.writes).toEqual(['"light"', '"dark"']);
  });
  it('is the fallback again when another tab clears everything', () => {
    const browser = new Browser();
    const value = theme(browser.open());
    value.value = 'light';
    browser.entries.clear();
    browser.tell(null);
    expect(value.value).toBe('dark');
  });
  it('does not care about other entries', () => {
    const browser = new Browser();
    const value = theme(browser.open());
    browser.entries.set(KEY, '"light"');
    browser.tell('other');
    expect(value.value).toBe('dark');
  });
  it('that is not shared keeps its own while other tabs change theirs', () => {
    const browser = new Browser();
    const [one, other] = [theme(browser.open(), { isShared: false }), theme(browser.open(), { isShared: false })];
    one.value = 'light';
    expect(other.value).toBe('dark');
  });
  it('can be shown without being kept, until it is set again', () => {
    const browser = new Browser();
    const value = theme(browser.open());
    withoutStoring(() => {
      value.value = 'light';
    });
    expect([value.value, browser.entries.get(KEY)]).toEqual(['light', undefined]);
    value.value = 'dark';
    expect(browser.entries.get(KEY)).toBe('"dark"');
  });
  it('works on in the page when the browser keeps nothing', () => {
    const value = theme(null);
    value.value = 'light';
    expect(value.value).toBe('light');
  });
  it('works on in the page when the browser forbids it or is full', () => {
    const refuse = () => {
      throw new Error('QuotaExceededError');
    };
    const value = theme({ getItem: refuse, setItem: refuse, onChange: () => {} });
    value.value = 'light';
    expect(value.value).toBe('light');
  });
});

describe('where there is no browser', () => {
  it('a stored value is the fallback', () => {
    expect(stored('anything', 7, value => (typeof value === 'number' ? value : undefined)).value).toBe(7);
  });
});

describe('a flag', () => {
  it.each([
    [true, true],
    [false, false],
    ['true', undefined],
    [0, undefined],
  ])('reads %s as %s', (value, read) => {
    expect(flag(value)).toBe(read);
  });
});
