import { isObject, type JsonObject } from './types.ts';

/** One object of a message, and the key under which it holds the next one inwards. */
export interface Level {
  value: JsonObject;
  /** Not part of the level's own content; null in the body. */
  inner: string | null;
}

/** A message from its body outwards: the body is first, the root last. */
export type Levels = readonly [Level, ...Level[]];

/** How deep producers nest a body at most. */
const MAX_WRAPPERS = 4;

/**
 * The levels of a message whose body is the innermost object, through `wrappers` alone, that the first of the tests
 * recognises which recognises any; the root when none does.
 */
export function findLevels(
  root: JsonObject,
  wrappers: readonly string[],
  tests: readonly ((value: JsonObject) => boolean)[],
): Levels {
  for (const test of tests) {
    const found = innermost(root, wrappers, test, MAX_WRAPPERS);
    if (found) return found;
  }
  return [{ value: root, inner: null }];
}

/** The levels of something inside an item of a list: `levels` holds the list under `key`, `inItem` leads on inwards. */
export function joinLevels(inItem: Levels, levels: Levels, key: string): Levels {
  const [holder, ...outer] = levels;
  return [...inItem, { value: holder.value, inner: key }, ...outer];
}

/** The wrapper keys that lead from the root to the body. */
export function pathOf(levels: Levels): string[] {
  return levels
    .slice(1)
    .map(level => level.inner!)
    .reverse();
}

/** The first value, from the body outwards and within a level in the order of `keys`, that `accept` takes. */
export function look<T>(levels: Levels, keys: readonly string[], accept: (value: unknown) => value is T): T | null {
  for (const { value } of levels) {
    for (const key of keys) {
      const found = value[key];
      if (accept(found)) return found;
    }
  }
  return null;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isArray(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** Text, or a number, which identifies just as well. */
export function isIdentifier(value: unknown): value is string | number {
  return isNumber(value) || (isText(value) && value !== '');
}

function innermost(
  value: JsonObject,
  wrappers: readonly string[],
  test: (value: JsonObject) => boolean,
  left: number,
): [Level, ...Level[]] | null {
  for (const key of left > 0 ? wrappers : []) {
    const inner = value[key];
    const found = isObject(inner) ? innermost(inner, wrappers, test, left - 1) : null;
    if (found) {
      found.push({ value, inner: key });
      return found;
    }
  }
  return test(value) ? [{ value, inner: null }] : null;
}
