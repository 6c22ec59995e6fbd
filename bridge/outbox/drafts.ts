import { type Draft, split, withoutHeartbeat } from './draft.ts';
import type { PlacedEvent } from './queue.ts';

/** The draft that is being posted, and those that come before anything new: parts of refused ones, above all. */
export class Drafts {
  #current: Draft | null = null;
  #waiting: Draft[];
  /** Rises with each change. */
  version = 0;
  /** In all of them. */
  events = 0;
  bytes = 0;

  constructor(waiting: readonly Draft[]) {
    this.#waiting = [...waiting];
    for (const draft of waiting) this.#count(draft, 1);
  }

  get isEmpty(): boolean {
    return this.#current === null && this.#waiting.length === 0;
  }

  /** When the oldest event in them was received; null when there is none. */
  get oldestMs(): number | null {
    return this.allEvents()[0]?.receivedAtMs ?? null;
  }

  allEvents(): PlacedEvent[] {
    return this.#all().flatMap(({ events }) => events);
  }

  /** What of them is kept for the next start of the bridge. */
  kept(): Draft[] {
    return this.#all()
      .map(withoutHeartbeat)
      .filter(draft => draft !== null);
  }

  /** Takes the next of those that wait, else what `create` gives, to be posted now. */
  begin(create: () => Draft | null): Draft | null {
    const waiting = this.#waiting.shift();
    this.#current = waiting ?? create();
    if (this.#current) this.version++;
    if (this.#current && !waiting) this.#count(this.#current, 1);
    return this.#current;
  }

  /** The one being posted is out of the way. */
  settle(): Draft {
    if (!this.#current) throw new Error('no draft is being posted');
    const draft = this.#current;
    this.#current = null;
    this.version++;
    this.#count(draft, -1);
    return draft;
  }

  /** Its parts come next. @returns false when it cannot be split */
  split(draft: Draft): boolean {
    const parts = split(draft);
    if (parts.length === 1) return false;
    this.#waiting.unshift(...parts);
    for (const part of parts) this.#count(part, 1);
    return true;
  }

  #all(): Draft[] {
    return this.#current ? [this.#current, ...this.#waiting] : this.#waiting;
  }

  #count({ events }: Draft, sign: 1 | -1): void {
    this.events += sign * events.length;
    for (const { bytes } of events) this.bytes += sign * bytes;
  }
}
