import type { Signal } from '@preact/signals';
import type { PatternEvent } from '../../../shared/events.ts';
import { MAX_STAR_LENGTH, USER_LIMITS } from '../../../shared/user-kinds.ts';
import { mergeLists } from './merge-lists.ts';
import { stored } from './stored.ts';

/** No more are kept. */
export const { stars: MAX_STARS, mutes: MAX_MUTES } = USER_LIMITS.max_items;

const merge = mergeLists((word: string) => word);

/** What is starred: the same pattern of a symbol, timeframe and direction keeps its star when it fires again. */
export const stars: Signal<readonly string[]> = stored('stars.1', [], readWords, { merge });
/** Symbols that are hidden in every column, the newest last. */
export const mutes: Signal<readonly string[]> = stored('mutes.1', [], readWords, { merge });

export function isStarred(event: PatternEvent): boolean {
  return has(stars.value, starOf(event));
}

export function isMuted(event: PatternEvent): boolean {
  return has(mutes.value, event.symbol);
}

/** @returns whether it is starred now; null = there are `MAX_STARS` already */
export function toggleStar(event: PatternEvent): boolean | null {
  return toggle(stars, starOf(event), MAX_STARS);
}

/** @returns whether it is muted now; null = there are `MAX_MUTES` already */
export function toggleMute(symbol: string): boolean | null {
  return toggle(mutes, symbol, MAX_MUTES);
}

/** The words a stored list holds; undefined = it is no list. */
export function readWords(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const words = value.filter(each => typeof each === 'string' && each !== '' && each.length <= MAX_STAR_LENGTH);
  return [...new Set<string>(words)];
}

/** What a star is kept by. */
export function starOf({ tier, symbol, pattern_type, timeframe, direction }: PatternEvent): string {
  return JSON.stringify([tier, symbol, pattern_type, timeframe, direction]);
}

/** Lists are looked into for each row: their sets are made once. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function has(list: readonly string[], word: string): boolean {
  let set = sets.get(list);
  if (!set) {
    set = new Set(list);
    sets.set(list, set);
  }
  return set.has(word);
}

function toggle(list: Signal<readonly string[]>, word: string, limit: number): boolean | null {
  const others = list.peek().filter(other => other !== word);
  const wasThere = others.length < list.peek().length;
  if (!wasThere && others.length >= limit) return null;
  list.value = wasThere ? others : [...others, word];
  return !wasThere;
}
