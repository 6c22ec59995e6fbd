import { forgetKept, keep, readKept } from '../state/stored.ts';
import type { Items } from './replica.ts';

/** What the server had when this browser last heard it, and of whom. */
export interface KeptUser {
  user_id: string;
  guest: boolean;
  items: Items;
}

const KEY = 'user.1';

/** null = this browser has not heard the server yet, or keeps nothing. */
export function keptUser(): KeptUser | null {
  return readKept(KEY, readKeptUser) ?? null;
}

/** @returns whether the browser keeps it */
export function keepUser({ user_id, guest, items }: KeptUser): boolean {
  keep(KEY, { user_id, guest, items: [...items] });
  return keptUser() !== null;
}

/** Forgets the user, and all that the browser keeps. What was not sent yet is lost. */
export function forgetUser(): void {
  forgetKept(KEY);
}

/** undefined = it is something else. */
export function readKeptUser(value: unknown): KeptUser | undefined {
  const { user_id, guest, items } = (value ?? {}) as Record<string, unknown>;
  if (typeof user_id !== 'string' || typeof guest !== 'boolean' || !Array.isArray(items)) return undefined;
  const isEntry = (each: unknown) =>
    Array.isArray(each) && each.length === 2 && typeof each[0] === 'string' && isJson(each[1]);
  return items.every(isEntry) ? { user_id, guest, items: new Map(items as [string, string][]) } : undefined;
}

function isJson(text: unknown): boolean {
  try {
    return typeof text === 'string' && JSON.parse(text) !== null;
  } catch {
    // Written by hand, or cut off.
    return false;
  }
}
