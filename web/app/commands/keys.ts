import type { Command } from '../commands.ts';
import type { KeySettings } from '../state/settings.ts';

/** A pressed key, as a `KeyboardEvent` tells it. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  /** Whether it types a third character of its key. */
  isAltGraph: boolean;
}

/** The first keys of a sequence, and when the last of them was pressed. */
export interface Pending {
  keys: string;
  atMs: number;
}

/** Keys that several commands want, or that are the beginning of another's: the later ones are never reached. */
export interface Clash {
  keys: string;
  ids: readonly string[];
}

/** How long the next key of a sequence may take. */
export const SEQUENCE_MS = 1_000;

/** Browsers keep these for themselves, or users cannot do without them. */
const RESERVED = new Set(['mod+n', 'mod+t', 'mod+w', 'mod+q', 'mod+r', 'mod+l', 'mod+c', 'mod+v', 'mod+x', 'Tab']);
const BARE_MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified'];

/**
 * The name of a pressed key: `j`, `shift+j`, `?`, `Space`, `ArrowDown`, `mod+k`; null for what no command may have:
 * modifiers alone, letters with Alt, and everything with both Ctrl and Shift.
 */
export function keyName(press: Press, isMac: boolean): string | null {
  const { key, shiftKey } = press;
  if (BARE_MODIFIERS.includes(key)) return null;
  const isLetter = /^\p{L}$/u.test(key);
  const isSymbol = key.length === 1 && !isLetter && !/\d/.test(key);
  const hasMod = isMac ? press.metaKey : press.ctrlKey;
  const hasOther = isMac ? press.ctrlKey : press.metaKey;
  // With AltGr, and with Option on a Mac, many layouts type `[`, `]` and `?`: those are symbols, not shortcuts.
  if (isSymbol && key !== ' ' && (press.isAltGraph || (press.altKey && !press.ctrlKey && !press.metaKey))) return key;
  if (press.altKey || hasOther || (hasMod && shiftKey)) return null;
  const name = key === ' ' ? 'Space' : isLetter ? key.toLowerCase() : key;
  if (hasMod) return `mod+${name}`;
  return shiftKey && !isSymbol ? `shift+${name}` : name;
}

/** Which command each sequence of keys runs, as the user has set it; of a clash the first one has the keys. */
export function bindingsOf(commands: readonly Command[], settings: KeySettings): ReadonlyMap<string, string> {
  const bindings = new Map<string, string>();
  for (const command of commands) {
    for (const keys of keysOf(command, settings)) {
      if (!bindings.has(keys)) bindings.set(keys, command.id);
    }
  }
  return bindings;
}

/** The keys that run a command, as the user has set them. While single keys are off only those with Ctrl or Cmd do. */
export function keysOf(command: Pick<Command, 'id' | 'keys'>, settings: KeySettings): readonly string[] {
  const keys = settings.overrides[command.id] ?? command.keys;
  return settings.isOn ? keys : keys.filter(each => each.startsWith('mod+'));
}

/**
 * What pressing `key` does after `pending`: the command to run, or the beginning of a sequence to remember. A key that
 * does not go on with the sequence begins anew.
 */
export function press(
  bindings: ReadonlyMap<string, string>,
  key: string,
  pending: Pending | null,
  nowMs: number,
): { id: string | null; pending: Pending | null } {
  const isInTime = pending !== null && nowMs - pending.atMs <= SEQUENCE_MS;
  const keys = isInTime ? `${pending.keys} ${key}` : key;
  const id = bindings.get(keys);
  if (id !== undefined) return { id, pending: null };
  if (isBeginning(bindings, keys)) return { id: null, pending: { keys, atMs: nowMs } };
  return isInTime ? press(bindings, key, null, nowMs) : { id: null, pending: null };
}

/** What is wrong with keys that the user wants: words for people, or null. */
export function refusalOf(keys: string): string | null {
  const steps = keys.split(' ');
  const reserved = steps.find(step => RESERVED.has(step));
  if (reserved) return `${reserved} belongs to the browser`;
  if (steps.length > 2) return 'Two keys one after the other at most';
  if (steps.length > 1 && steps.some(step => step.startsWith('mod+')))
    return 'Ctrl or Cmd cannot be part of a sequence';
  return null;
}

/** Every clash among the keys of all commands, in the order of the keys. */
export function clashesOf(commands: readonly Command[], settings: KeySettings): Clash[] {
  const wanted = new Map<string, string[]>();
  for (const command of commands) {
    for (const keys of new Set(keysOf(command, settings))) wanted.set(keys, [...(wanted.get(keys) ?? []), command.id]);
  }
  return [...wanted]
    .map(([keys, ids]) => ({
      keys,
      ids: [...ids, ...[...wanted].filter(([other]) => other.startsWith(`${keys} `)).flatMap(([, others]) => others)],
    }))
    .filter(({ ids }) => ids.length > 1)
    .toSorted((a, b) => (a.keys < b.keys ? -1 : 1));
}

function isBeginning(bindings: ReadonlyMap<string, string>, keys: string): boolean {
  for (const bound of bindings.keys()) if (bound.startsWith(`${keys} `)) return true;
  return false;
}
