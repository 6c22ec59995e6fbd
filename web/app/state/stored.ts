import { batch, effect, type Signal, signal } from '@preact/signals';

/** Where settings are kept as text by key: a browser's `localStorage`, or nothing where that is forbidden. */
export interface Storage {
  /** @throws when the browser forbids it */
  getItem(key: string): string | null;
  /** @throws when the browser forbids it, or it is full */
  setItem(key: string, text: string): void;
  /** Calls `listener` when another tab has changed an entry (null: any of them), with what was there for that tab. */
  onChange(listener: (key: string | null, before: string | null) => void): void;
}

/** Ahead of every key, apart from what else the origin keeps. */
export const PREFIX = 'tickstock.';

interface StoredOptions<T> {
  isShared?: boolean;
  storage?: Storage | null;
  merge?: (before: T, mine: T, theirs: T) => T;
}

/**
 * A value that outlives the page: kept as JSON in the browser, and as another tab leaves it. It works on in this page
 * alone when the browser keeps nothing or is full.
 *
 * @param read what is kept (or anything else: users and older pages write there too) as a value; undefined = unusable,
 *   `fallback` stands in
 * @param options.isShared false = other tabs keep their own value while they are open; the last to change it is kept
 * @param options.merge what becomes of a value that two tabs have changed at the same time; absent: the last stands
 */
export function stored<T>(
  key: string,
  fallback: T,
  read: (value: unknown) => T | undefined,
  { isShared = true, storage = browserStorage(), merge }: StoredOptions<T> = {},
): Signal<T> {
  const name = PREFIX + key;
  const readText = (text: string | null) => {
    const value = parse(text);
    return (value === undefined ? undefined : read(value)) ?? fallback;
  };
  // The text that was there when this tab last looked: what is there otherwise was written by another.
  let seen = take(storage, name);
  const made = signal(readText(seen));
  let known = JSON.stringify(made.peek());
  effect(() => {
    const value = made.value;
    const text = JSON.stringify(value);
    if (text === known || isOnlyShowing) {
      known = text;
      return;
    }
    const there = take(storage, name);
    const kept = merge && there !== seen ? merge(readText(known), value, readText(there)) : value;
    known = JSON.stringify(kept);
    put(storage, name, known);
    seen = take(storage, name);
    if (known !== text) made.value = kept;
  });
  if (isShared) {
    storage?.onChange((changed, before) => {
      if (changed !== null && changed !== name) return;
      const hasCrossed = changed !== null && before !== seen;
      seen = take(storage, name);
      const value = readText(seen);
      // Known before it is set: what came from the store is not written back, or two tabs would never be done.
      const text = JSON.stringify(value);
      if (text === known) return;
      known = text;
      made.value = merge && hasCrossed ? merge(readText(before), made.peek(), value) : value;
    });
  }
  return made;
}

/** What is kept under a key now, whatever is shown. */
export function readKept<T>(key: string, read: (value: unknown) => T | undefined): T | undefined {
  return read(parse(take(browserStorage(), PREFIX + key)));
}

/** Keeps a value that no signal holds. */
export function keep(key: string, value: unknown): void {
  put(browserStorage(), PREFIX + key, JSON.stringify(value));
}

/**
 * Clears all that is kept, for whoever uses this browser next; what is kept under `first` before anything else, so that
 * other tabs know by it that the rest was not taken away one by one.
 */
export function forgetKept(first: string): void {
  try {
    const names = Object.keys(localStorage).filter(name => name.startsWith(PREFIX));
    for (const name of [PREFIX + first, ...names]) localStorage.removeItem(name);
  } catch {
    // Forbidden: nothing is kept.
  }
}

let isOnlyShowing = false;

/**
 * What `change` sets holds for this page alone: what is kept stays as it is until the value is set again. For a link
 * that somebody sent.
 */
export function withoutStoring(change: () => void): void {
  isOnlyShowing = true;
  try {
    batch(change);
  } finally {
    isOnlyShowing = false;
  }
}

/** Accepts exactly these words. */
export function oneOf<Word extends string>(words: readonly Word[]): (value: unknown) => Word | undefined {
  return value => words.find(word => word === value);
}

/** Accepts true and false. */
export function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function take(storage: Storage | null, name: string): string | null {
  try {
    return storage?.getItem(name) ?? null;
  } catch {
    // Forbidden: as if nothing were kept.
    return null;
  }
}

function put(storage: Storage | null, name: string, text: string): void {
  try {
    storage?.setItem(name, text);
  } catch {
    // Full or forbidden: the value holds for this page.
  }
}

function parse(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not ours, or cut off.
    return undefined;
  }
}

let shared: Storage | null | undefined;

function browserStorage(): Storage | null {
  shared ??= findBrowserStorage();
  return shared;
}

function findBrowserStorage(): Storage | null {
  try {
    const area: globalThis.Storage | undefined = globalThis.localStorage;
    // Outside a browser there is none.
    if (!area) return null;
    return {
      getItem: key => area.getItem(key),
      setItem: (key, text) => area.setItem(key, text),
      onChange: listener => globalThis.addEventListener('storage', ({ key, oldValue }) => listener(key, oldValue)),
    };
  } catch {
    // Reading the property throws where cookies are blocked.
    return null;
  }
}
