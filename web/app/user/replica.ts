import { canonicalJson, utf8Bytes } from '../../../shared/text.ts';
import { MAX_NAME_LENGTH, USER_LIMITS } from '../../../shared/user-kinds.ts';

/** Items by key (`stars ["daily",…]`: kind, blank, id), in their order; the values as canonical JSON. */
export type Items = ReadonlyMap<string, string>;
/** What items are to be; null = no more. */
export type Changes = ReadonlyMap<string, string | null>;

/** What goes into one message; less than the server takes. */
const MAX_MESSAGE_BYTES = 62_000;
/** What a change takes besides its key and value. */
const CHANGE_BYTES = 40;

export interface Outgoing {
  id: string;
  changes: Changes;
}

/**
 * One copy of what the server keeps of a user, beside what is held here: decides what to send, and what becomes of what
 * comes. What is held here may change at any time, also while nothing can be sent: the difference to what the server had
 * (`base`) is what is still to be sent.
 *
 * Of an item that was changed in two places the change that arrives last stands. What was changed in one place and deleted
 * in another stays. What was made in both, differently and under one name, is kept twice.
 */
export class Replica {
  #base: Map<string, string>;
  #sent: Outgoing | null = null;
  readonly #refused = new Map<string, string>();
  #messages = 0;

  /** @param base what the server is known to have had: what is not held here any more was deleted here */
  constructor(base: Items) {
    this.#base = new Map(base);
  }

  /** What the server had when it was last heard. */
  get base(): Items {
    return this.#base;
  }

  /** The server tells all it has. @returns what is to be held here now */
  greeted(server: Items, local: Items): Items {
    const sent = this.#sent?.changes;
    this.#sent = null;
    const held = new Map(local);
    for (const key of new Set([...this.#base.keys(), ...server.keys(), ...local.keys()])) {
      const theirs = server.get(key) ?? null;
      const before = this.#base.get(key) ?? null;
      // What was sent and never answered may have arrived all the same.
      const hasArrived = sent?.has(key) && sent.get(key) === theirs;
      this.#merge(held, key, hasArrived ? theirs : before, theirs);
    }
    this.#base = new Map(server);
    return held;
  }

  /** The server tells what has changed; `answers` is the id of the message it answers. @returns as `greeted` */
  changed(changes: Changes, answers: string | undefined, local: Items): Items {
    if (this.#sent && answers === this.#sent.id) {
      this.#enter(this.#sent.changes);
      this.#sent = null;
      return local;
    }
    const held = new Map(local);
    for (const [key, theirs] of changes) {
      const before = this.#base.get(key) ?? null;
      const sent = this.#sent?.changes.get(key);
      const isChangedSince = sent !== undefined && sent !== (local.get(key) ?? null);
      // Else it is sent anew, after what was sent before.
      if (!isChangedSince) this.#merge(held, key, before, theirs);
    }
    this.#enter(changes);
    return held;
  }

  /** The server refuses a message, for the change at a place or (null) for none of them in particular. */
  refused(id: string | undefined, at: number | null): string[] {
    if (!this.#sent || id !== this.#sent.id) return [];
    const changes = [...this.#sent.changes];
    this.#sent = null;
    const refused = at === null || !changes[at] ? changes : [changes[at]];
    for (const [key, text] of refused) this.#refused.set(key, JSON.stringify(text));
    return refused.map(([key]) => key);
  }

  /** The message can be sent again as it was. */
  postponed(): void {
    this.#sent = null;
  }

  /** What to send now; null = nothing, or an answer is awaited. What was refused is not sent again until it changes. */
  next(local: Items): Outgoing | null {
    if (this.#sent) return null;
    const changes = new Map<string, string | null>();
    let bytes = 0;
    for (const key of new Set([...this.#base.keys(), ...local.keys()])) {
      const text = local.get(key) ?? null;
      if (text === (this.#base.get(key) ?? null)) continue;
      if (this.#refused.get(key) === JSON.stringify(text)) continue;
      bytes += CHANGE_BYTES + utf8Bytes(JSON.stringify(key)) + (text === null ? 0 : utf8Bytes(text));
      if (changes.size > 0 && bytes > MAX_MESSAGE_BYTES) break;
      changes.set(key, text);
      if (changes.size === USER_LIMITS.max_changes) break;
    }
    if (changes.size === 0) return null;
    this.#sent = { id: String(++this.#messages), changes };
    return this.#sent;
  }

  #enter(changes: Changes): void {
    for (const [key, text] of changes) {
      if (text === null) this.#base.delete(key);
      else this.#base.set(key, text);
    }
  }

  /** Settles one item between what it was (`before`), what it is here, and what it is there. */
  #merge(held: Map<string, string>, key: string, before: string | null, theirs: string | null): void {
    const mine = held.get(key) ?? null;
    if (mine === theirs || theirs === before) return;
    const isMadeTwice = before === null && mine !== null && theirs !== null;
    if (mine !== null && mine !== before && !isMadeTwice) return;
    if (theirs === null) held.delete(key);
    else held.set(key, theirs);
    if (isMadeTwice) this.#keepBeside(held, key, mine);
  }

  /** Keeps an item under another name. A setting has none: the server's stands. */
  #keepBeside(held: Map<string, string>, key: string, text: string): void {
    const at = key.indexOf(' ');
    const [kind, id] = [key.slice(0, at), key.slice(at + 1)];
    if (kind !== 'views' && kind !== 'subscriptions') return;
    for (let number = 2; ; number++) {
      const beside = `${kind} ${numbered(id, number)}`;
      if (held.has(beside) || this.#base.has(beside)) continue;
      const value = JSON.parse(text) as { name?: string };
      held.set(beside, canonicalJson(value.name ? { ...value, name: numbered(value.name, number) } : value));
      return;
    }
  }
}

/** Shortened, so that it stays as short as names must be. */
function numbered(name: string, number: number): string {
  const suffix = ` ${number}`;
  return `${name.slice(0, MAX_NAME_LENGTH - suffix.length).trimEnd()}${suffix}`;
}
