import type { Signal } from '@preact/signals';
import { MAX_QUERY_LENGTH, USER_LIMITS } from '../../../shared/user-kinds.ts';
import { MAX_NAME_LENGTH } from './filters.ts';
import { mergeLists } from './merge-lists.ts';
import { stored } from './stored.ts';
import { decodeState } from './url.ts';

/** All tiers' filters and views under a name. */
export interface SavedView {
  name: string;
  /** As a link carries them, however long: see `encodeState`. */
  query: string;
}

export const MAX_VIEWS = USER_LIMITS.max_items.views;

/** The user's views, in the order they were saved; every window of this browser has the same. */
export const views: Signal<readonly SavedView[]> = stored<readonly SavedView[]>('views.1', [], readViews, {
  merge: mergeLists(({ name }) => name),
});

/** Why a view cannot have this name, in words; null = it can. `except` is the view's name now. */
export function refusalOfName(name: string, kept: readonly SavedView[], except?: string): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return 'A view needs a name';
  if (trimmed.length > MAX_NAME_LENGTH) return `A name has at most ${MAX_NAME_LENGTH} characters`;
  if (trimmed !== except && kept.some(view => view.name === trimmed)) return `There is a view “${trimmed}” already`;
  return null;
}

/** Why no view can be saved under this name, in words; null = one can. */
export function refusalOfSave(name: string, kept: readonly SavedView[]): string | null {
  const isNew = !kept.some(view => view.name === name.trim());
  if (isNew && kept.length >= MAX_VIEWS) return `There are ${MAX_VIEWS} views, no more are kept: delete one first`;
  return refusalOfName(name, kept, name.trim());
}

/** Adds a view, or replaces the one of that name in its place. */
export function withView(kept: readonly SavedView[], { name, query }: SavedView): SavedView[] {
  const view = { name: name.trim(), query };
  if (kept.some(other => other.name === view.name)) return kept.map(other => (other.name === view.name ? view : other));
  return [...kept, view];
}

export function withRenamed(kept: readonly SavedView[], from: string, to: string): SavedView[] {
  return kept.map(view => (view.name === from ? { ...view, name: to.trim() } : view));
}

export function withoutView(kept: readonly SavedView[], name: string): SavedView[] {
  return kept.filter(view => view.name !== name);
}

/** The views that a stored value holds, without those that are unusable; undefined = it is no list. */
export function readViews(value: unknown): SavedView[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.reduce<SavedView[]>((kept, each) => {
    const { name, query } = (each ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string' || typeof query !== 'string' || query.length > MAX_QUERY_LENGTH) return kept;
    const isUsable = refusalOfName(name, kept) === null && Object.keys(decodeState(query).filters).length > 0;
    return isUsable ? withView(kept, { name, query }) : kept;
  }, []);
}
