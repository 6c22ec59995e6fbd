import { utf8Bytes } from '../../shared/text.ts';
import { USER_KINDS, USER_LIMITS, type UserKind } from '../../shared/user-kinds.ts';

/** An item as it is kept: its value as JSON. */
export interface KeptItem {
  kind: UserKind;
  id: string;
  text: string;
}

/** What an item is to be; text null = no more. */
export interface ItemChange {
  kind: UserKind;
  id: string;
  text: string | null;
}

/** Why changes are refused; `at` is the place of the first that does not fit. */
export interface Excess {
  at: number;
  message: string;
}

/**
 * What a user has, in the order in which it came, and how much that is. Decides which changes fit; whoever keeps them on
 * disk applies exactly what `plan` returned.
 */
export class UserItems {
  readonly #items = new Map<string, KeptItem>();
  readonly #counts: Record<UserKind, number> = zeros();
  readonly #bytes: Record<UserKind, number> = zeros();

  constructor(kept: Iterable<KeptItem>) {
    for (const item of kept) this.#put(item);
  }

  get size(): number {
    return this.#items.size;
  }

  all(): KeptItem[] {
    return [...this.#items.values()];
  }

  /**
   * Those of the changes that change something, when what is kept then fits; else the last that is too much. Of several
   * changes of an item the last counts.
   */
  plan(changes: readonly ItemChange[]): { changes: ItemChange[] } | { excess: Excess } {
    const last = new Map(changes.map((change, at) => [keyOf(change.kind, change.id), { change, at }]));
    const real = [...last.values()].filter(({ change: { kind, id, text } }) => text !== this.#textOf(kind, id));
    const counts = { ...this.#counts };
    const bytes = { ...this.#bytes };
    for (const { change } of real) {
      const { kind, id, text } = change;
      const before = this.#textOf(kind, id);
      counts[kind] += Number(text !== null) - Number(before !== null);
      bytes[kind] += bytesOf(id, text) - bytesOf(id, before);
    }
    for (const { change, at } of real.reverse()) {
      const message = change.text !== null && excessOf(change.kind, counts, bytes);
      if (message) return { excess: { at, message } };
    }
    return { changes: real.reverse().map(({ change }) => change) };
  }

  apply(changes: readonly ItemChange[]): void {
    for (const { kind, id, text } of changes) {
      if (text === null) this.#drop(kind, id);
      else this.#put({ kind, id, text });
    }
  }

  #textOf(kind: UserKind, id: string): string | null {
    return this.#items.get(keyOf(kind, id))?.text ?? null;
  }

  #put(item: KeptItem): void {
    const { kind, id, text } = item;
    const before = this.#textOf(kind, id);
    this.#counts[kind] += Number(before === null);
    this.#bytes[kind] += bytesOf(id, text) - bytesOf(id, before);
    this.#items.set(keyOf(kind, id), item);
  }

  #drop(kind: UserKind, id: string): void {
    const before = this.#textOf(kind, id);
    if (before === null) return;
    this.#counts[kind]--;
    this.#bytes[kind] -= bytesOf(id, before);
    this.#items.delete(keyOf(kind, id));
  }
}

function excessOf(kind: UserKind, counts: Record<UserKind, number>, bytes: Record<UserKind, number>): string | null {
  const { max_items, max_kind_bytes, max_user_bytes } = USER_LIMITS;
  if (counts[kind] > max_items[kind]) return `a user has at most ${max_items[kind]} ${kind}`;
  if (bytes[kind] > max_kind_bytes) return `${kind} take at most ${max_kind_bytes} bytes`;
  const total = USER_KINDS.reduce((sum, each) => sum + bytes[each], 0);
  return total > max_user_bytes ? `all of a user takes at most ${max_user_bytes} bytes` : null;
}

function bytesOf(id: string, text: string | null): number {
  return text === null ? 0 : utf8Bytes(id) + utf8Bytes(text);
}

function keyOf(kind: UserKind, id: string): string {
  return `${kind} ${id}`;
}

function zeros(): Record<UserKind, number> {
  return Object.fromEntries(USER_KINDS.map(kind => [kind, 0])) as Record<UserKind, number>;
}
