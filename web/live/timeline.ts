import type { Event } from '../client/client.ts';

/** What a column shows one below the other, newest first. */
export type Entry<Node> = { node: Node | null } & (
  | { type: 'event'; epoch: string; event: Event }
  | { type: 'note'; name: string; words: string }
);

/**
 * The entries of a column, newest first, at most `capacity`. Events stand by their `seq`, as CRITICAL ones overtake
 * others of their flush; notes stand where they came in. `Node` is what an entry is drawn as, once it is.
 */
export class Timeline<Node> {
  entries: Entry<Node>[] = [];
  /** Drawn entries that are no longer among `entries`; whoever draws empties it. */
  dropped: Node[] = [];
  readonly #capacity: number;
  readonly #shown = new Set<string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** @returns whether it was not there already */
  addEvent(epoch: string, event: Event): boolean {
    const key = keyOf(epoch, event);
    if (this.#shown.has(key)) return false;
    this.#shown.add(key);
    const isAbove = (entry: Entry<Node>) =>
      entry.type === 'event' && entry.epoch === epoch && entry.event.seq > event.seq;
    let index = 0;
    while (index < this.entries.length && isAbove(this.entries[index]!)) index++;
    this.entries.splice(index, 0, { type: 'event', epoch, event, node: null });
    this.#trim();
    return true;
  }

  /** @returns the note, whose `words` may be changed while it is undrawn */
  addNote(name: string, words: string): Entry<Node> & { type: 'note' } {
    const note: Entry<Node> & { type: 'note' } = { type: 'note', name, words, node: null };
    this.entries.unshift(note);
    this.#trim();
    return note;
  }

  clear(): void {
    while (this.entries.length > 0) this.#drop();
  }

  #trim(): void {
    while (this.entries.length > this.#capacity) this.#drop();
  }

  #drop(): void {
    const entry = this.entries.pop()!;
    if (entry.node !== null) this.dropped.push(entry.node);
    if (entry.type === 'event') this.#shown.delete(keyOf(entry.epoch, entry.event));
  }
}

function keyOf(epoch: string, event: Event): string {
  return `${epoch} ${event.seq}`;
}
