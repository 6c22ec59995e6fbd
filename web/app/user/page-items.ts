import { batch, type Signal } from '@preact/signals';
import { canonicalJson } from '../../../shared/text.ts';
import type { UserItem } from '../../../shared/user-data.ts';
import type { UserKind } from '../../../shared/user-kinds.ts';
import { mutes, readWords, stars } from '../state/marks.ts';
import { readUserSubscription, userSubscriptions } from '../state/named.ts';
import {
  CLOCKS,
  clock,
  DEFAULTS,
  DENSITIES,
  density,
  isTourSeen,
  keySettings,
  PALETTES,
  palette,
  readKeySettings,
  THEMES,
  theme,
} from '../state/settings.ts';
import { flag, oneOf } from '../state/stored.ts';
import { readViews, views } from '../state/views.ts';
import type { Items } from './replica.ts';

/** How the page holds the items of a kind. */
interface Holder {
  /** Reads signals. */
  items(): [id: string, value: unknown][];
  /** An item's value as the page would hold it; undefined = it cannot. */
  read(id: string, value: unknown): unknown;
  hold(items: ReadonlyMap<string, unknown>): void;
}

const holders: Record<UserKind, Holder> = {
  subscriptions: {
    items: () => userSubscriptions.value.map(({ id, ...value }) => [id, value]),
    read(id, value) {
      const { id: _, ...read } = readUserSubscription({ ...(value as object), id }) ?? {};
      return 'name' in read ? read : undefined;
    },
    hold: items =>
      holdList(
        userSubscriptions,
        ({ id }) => id,
        items,
        (id, value) => ({ id, ...(value as object) }),
      ),
  },
  views: {
    items: () => views.value.map(({ name, query }) => [name, { query }]),
    read(name, value) {
      const [view] = readViews([{ ...(value as object), name }]) ?? [];
      return view && { query: view.query };
    },
    hold: items =>
      holdList(
        views,
        ({ name }) => name,
        items,
        (name, value) => ({ name, ...(value as object) }),
      ),
  },
  stars: words(stars),
  mutes: words(mutes),
  settings: {
    items: () => Object.entries(settings).flatMap(([id, { get }]) => (get() === undefined ? [] : [[id, get()]])),
    read: (id, value) => settings[id]?.read(value),
    hold(items) {
      for (const [id, { set }] of Object.entries(settings)) set(items.get(id));
    },
  },
};

/** What the page holds of the user's. Reads signals. */
export function heldItems(): Items {
  return new Map(
    Object.entries(holders).flatMap(([kind, { items }]) =>
      items().map(([id, value]) => [`${kind} ${id}`, canonicalJson(value)] as const),
    ),
  );
}

/** Holds exactly these items; what is there already wakes nobody. */
export function hold(items: Items): void {
  batch(() => {
    for (const [kind, holder] of Object.entries(holders)) {
      const own = [...items].filter(([key]) => key.startsWith(`${kind} `));
      holder.hold(new Map(own.map(([key, text]) => [key.slice(kind.length + 1), JSON.parse(text)])));
    }
  });
}

/** A server's item as key and text; undefined = the page cannot hold it, and leaves it alone. Text null = no more. */
export function readItem({ kind, id, value }: UserItem): [key: string, text: string | null] | undefined {
  const key = `${kind} ${id}`;
  if (value === null) return [key, null];
  const read = Object.hasOwn(holders, kind) ? holders[kind].read(id, value) : undefined;
  return read === undefined ? undefined : [key, canonicalJson(read)];
}

/** The item that a key and a text stand for. */
export function itemOf(key: string, text: string | null): UserItem {
  const at = key.indexOf(' ');
  return { kind: key.slice(0, at) as UserKind, id: key.slice(at + 1), value: text === null ? null : JSON.parse(text) };
}

/** Of what was kept, what the page can hold: what it can hold no more is missing here without having been deleted. */
export function readable(items: Items): Items {
  const read = [...items].map(([key, text]) => readItem(itemOf(key, text)));
  return new Map(read.filter(item => item !== undefined) as [string, string][]);
}

/** A list of words, each an item without more to say of it. */
function words(list: Signal<readonly string[]>): Holder {
  return {
    items: () => list.value.map(word => [word, true]),
    read: (word, value) => (value === true && readWords([word])?.length === 1 ? true : undefined),
    hold: items =>
      holdList(
        list,
        word => word,
        items,
        word => word,
      ),
  };
}

/** Sets a list to these items: those that are there in their order, then the others. */
function holdList<T>(
  list: Signal<readonly T[]>,
  idOf: (each: T) => string,
  items: ReadonlyMap<string, unknown>,
  make: (id: string, value: unknown) => unknown,
): void {
  const there = list.peek().map(idOf);
  const ids = [...there.filter(id => items.has(id)), ...[...items.keys()].filter(id => !there.includes(id))];
  const next = ids.map(id => make(id, items.get(id)) as T);
  if (canonicalJson(next) !== canonicalJson(list.peek())) list.value = next;
}

/** A setting that has its default is no item. */
interface Setting {
  get(): unknown;
  set(value: unknown): void;
  read(value: unknown): unknown;
}

const settings: Record<string, Setting> = {
  theme: setting(theme, DEFAULTS.theme, oneOf(THEMES)),
  palette: setting(palette, DEFAULTS.palette, oneOf(PALETTES)),
  density: setting(density, DEFAULTS.density, oneOf(DENSITIES)),
  clock: setting(clock, DEFAULTS.clock, oneOf(CLOCKS)),
  keys: keysSetting(),
  tour_seen: setting(isTourSeen, false, flag),
};

function setting<T>(held: Signal<T>, fallback: T, read: (value: unknown) => T | undefined): Setting {
  const same = (value: unknown) => canonicalJson(value) === canonicalJson(held.peek());
  return {
    get: () => (canonicalJson(held.value) === canonicalJson(fallback) ? undefined : held.value),
    set(value) {
      const next = value === undefined ? fallback : (read(value) ?? fallback);
      if (!same(next)) held.value = next;
    },
    read,
  };
}

/** `{is_on, overrides}` on the wire. */
function keysSetting(): Setting {
  const inner = setting(keySettings, DEFAULTS.keys, readKeySettings);
  const fromWire = (value: unknown) => {
    const { is_on, overrides } = (value ?? {}) as Record<string, unknown>;
    return readKeySettings({ isOn: is_on, overrides });
  };
  const toWire = (value: unknown) => {
    const keys = readKeySettings(value);
    return keys && { is_on: keys.isOn, overrides: keys.overrides };
  };
  return {
    get: () => toWire(inner.get()),
    set: value => inner.set(value === undefined ? undefined : fromWire(value)),
    read: value => toWire(fromWire(value)),
  };
}
