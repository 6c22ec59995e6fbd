import { describe, expect, it } from 'vitest';
import { mergeLists } from '../../../../web/app/state/merge-lists.ts';
import { flag, oneOf, PREFIX, type Storage, stored, withoutStoring } from '../../../../web/app/state/stored.ts';

type Listener = (key: string | null, before: string | null) => void;

/** One browser's storage, with a tab for each `open`: a tab hears of what the others write. */
class Browser {
  readonly entries = new Map<string, string>();
  readonly writes: string[] = [];
  readonly #tabs = new Set<{ seen: Map<string, string>; listeners: Listener[] }>();
  /** What tabs have yet to hear, in order; null = they hear at once. */
  #unheard: (() => void)[] | null = null;
  /** Whether a tab sees what another has written only when it hears of it. */
  #areTabsApart = false;

  open(): Storage {
    const tab = { seen: this.entries, listeners: [] as Listener[] };
    this.#tabs.add(tab);
    return {
      getItem: key => tab.seen.get(key) ?? null,
      setItem: (key, text) => {
        const before = tab.seen.get(key) ?? null;
        tab.seen.set(key, text);
        this.entries.set(key, text);
        this.writes.push(text);
        const at = this.writes.length;
        const tell = () => {
          for (const other of this.#tabs) {
            if (other === tab) continue;
            // A tab goes on seeing what it has written itself since.
            const isNewest = this.writes.length === at;
            if (this.#areTabsApart && isNewest) other.seen.set(key, text);
            for (const listener of other.listeners) listener(key, before);
          }
        };
        if (this.#unheard) this.#unheard.push(tell);
        else tell();
      },
      onChange: listener => tab.listeners.push(listener),
    };
  }

  tell(key: string | null): void {
    for (const { listeners } of this.#tabs) for (const listener of listeners) listener(key, null);
  }

  /** Tabs do what they do without hearing of each other, and hear of it all afterwards. */
  crossing(areTabsApart: boolean, act: () => void): void {
    this.#areTabsApart = areTabsApart;
    if (areTabsApart) for (const tab of this.#tabs) tab.seen = new Map(this.entries);
    this.#unheard = [];
    act();
    for (let tell = this.#unheard.shift(); tell; tell = this.#unheard.shift()) tell();
    this.#unheard = null;
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

describe('a list that two tabs change at the same time', () => {
  const words = (browser: Browser) =>
    stored<readonly string[]>('stars', [], value => value as string[], {
      storage: browser.open(),
      merge: mergeLists(word => word),
    });

  it.each([true, false])('has what either has added, and not what either has taken away (apart: %s)', areTabsApart => {
    const browser = new Browser();
    const [one, other] = [words(browser), words(browser)];
    one.value = ['A', 'B', 'C'];
    browser.crossing(areTabsApart, () => {
      one.value = ['B', 'C', 'D'];
      other.value = ['A', 'B', 'E'];
    });
    for (const { value } of [one, other]) expect([...value].sort()).toEqual(['B', 'D', 'E']);
    expect(JSON.parse(browser.entries.get(`${PREFIX}stars`)!).sort()).toEqual(['B', 'D', 'E']);
  });

  it('is put together item by item, where items say more than their name', () => {
    const merge = mergeLists<{ id: string; is: number }>(({ id }) => id);
    const before = ['a', 'b', 'c'].map(id => ({ id, is: 0 }));
    const mine = [{ id: 'a', is: 1 }, before[1]!, { id: 'd', is: 1 }];
    const theirs = [before[0]!, { id: 'b', is: 2 }, before[2]!, { id: 'e', is: 2 }];
    expect(merge(before, mine, theirs)).toEqual([mine[0], theirs[1], theirs[3], mine[2]]);
    // Changed here and deleted there.
    expect(merge(before, mine, [])).toEqual([mine[0], mine[2]]);
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
