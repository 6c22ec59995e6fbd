import type { Topic } from '../../shared/topics.ts';
import { Fifo } from './fifo.ts';
import { Losses } from './losses.ts';
import type { OnDisk, OutboxStore } from './store.ts';

/** An event that waits to be posted: kept as the JSON it will be posted as. */
export interface QueuedEvent {
  json: string;
  /** Of `json` as UTF-8. */
  bytes: number;
  channel: string;
  receivedAtMs: number;
}

/** With its place in its lane, which rises in the order of receipt. */
export interface PlacedEvent extends QueuedEvent {
  place: number;
}

export interface QueueOptions {
  topic: Topic;
  store: OutboxStore | null;
  /** What an earlier start left in it. */
  onDisk: OnDisk | null;
  /** The place of the first event to come. */
  next: number;
  /** Events at the places `from` up to `to` were given up. */
  onGivenUp: (from: number, to: number) => void;
}

/** So much waits. */
export interface Waiting {
  events: number;
  bytes: number;
  /** When the oldest of it was received; null when nothing waits. */
  sinceMs: number | null;
}

/**
 * The events of one lane that are in no batch yet, oldest first: some in memory, then some that are on disk alone, then
 * some in memory again. Those in memory may be on disk as well. What is on disk alone is read when its turn comes.
 */
export class Queue {
  readonly losses = new Losses();
  readonly #topic: Topic;
  readonly #store: OutboxStore | null;
  readonly #onGivenUp: (from: number, to: number) => void;
  #generation: number;
  #front = new Fifo<PlacedEvent>();
  #onDisk: OnDisk | null;
  /** Empty when nothing is on disk alone. */
  #back = new Fifo<PlacedEvent>();
  #next: number;
  /** What waits at places below is on disk. */
  #saved: number;
  #inMemory = { events: 0, bytes: 0 };

  constructor({ topic, store, onDisk, next, onGivenUp }: QueueOptions) {
    this.#topic = topic;
    this.#store = store;
    this.#onGivenUp = onGivenUp;
    this.#generation = store?.generation ?? 0;
    this.#onDisk = onDisk;
    this.#next = next;
    this.#saved = next;
  }

  get length(): number {
    return this.#inMemory.events + (this.#onDisk?.events ?? 0);
  }

  get bytes(): number {
    return this.#inMemory.bytes + (this.#onDisk?.bytes ?? 0);
  }

  get inMemory(): Readonly<{ events: number; bytes: number }> {
    return this.#inMemory;
  }

  /** The place of the next event to come. */
  get next(): number {
    return this.#next;
  }

  /** The place of the oldest event, or of the next to come. */
  get first(): number {
    return this.#front.peek()?.place ?? this.#onDisk?.from ?? this.#next;
  }

  /** Since when the oldest event has waited; null when there is none. Of what is on disk alone, no later than that. */
  get oldestMs(): number | null {
    return this.#front.peek()?.receivedAtMs ?? this.#onDisk?.oldestMs ?? null;
  }

  /** The same of what is in memory. */
  get oldestInMemoryMs(): number | null {
    return (this.#front.peek() ?? this.#back.peek())?.receivedAtMs ?? null;
  }

  /** @returns its place */
  add(event: QueuedEvent): number {
    const placed = { ...event, place: this.#next++ };
    this.#hold(placed, this.#onDisk ? this.#back : this.#front);
    return placed.place;
  }

  peek(): PlacedEvent | undefined {
    if (this.#front.length === 0 && this.#onDisk) this.#load(this.#onDisk);
    return this.#front.peek();
  }

  shift(): PlacedEvent | undefined {
    return this.peek() && this.#release(this.#front);
  }

  /** Gives up the oldest event; the losses tell when it was received. */
  dropOldest(): void {
    this.#giveUp(this.shift());
  }

  /** The same for the oldest that is in memory. */
  dropOldestInMemory(): void {
    this.#giveUp(this.#release(this.#front.length > 0 ? this.#front : this.#back));
  }

  /** What is not on disk yet. */
  unsaved(): PlacedEvent[] {
    this.#sync();
    return [this.#front, this.#back].flatMap(part => part.after(part.count(this.#isSaved)));
  }

  noteSaved(): void {
    this.#saved = this.#next;
  }

  /** Whether an event of this lane is on disk. */
  readonly #isSaved = ({ place }: PlacedEvent): boolean => place < this.#saved;

  /** What waits in memory alone, here or `taken` from here. */
  inMemoryAlone(taken: readonly PlacedEvent[]): Waiting {
    const events = [...taken.filter(event => !this.#isSaved(event)), ...this.unsaved()];
    const bytes = events.reduce((sum, event) => sum + event.bytes, 0);
    return { events: events.length, bytes, sinceMs: events[0]?.receivedAtMs ?? null };
  }

  /** Lets go of all in memory that is on disk as well. */
  evict(): void {
    this.#sync();
    const count = this.#front.count(this.#isSaved) + this.#back.count(this.#isSaved);
    if (count === 0) return;
    const held = [...this.#front.after(0), ...this.#back.after(0)];
    const saved = held.slice(0, count);
    const last = saved.at(-1)!;
    const before = this.#onDisk;
    this.#onDisk = {
      from: this.first,
      to: Math.max(before?.to ?? 0, last.place + 1),
      events: (before?.events ?? 0) + saved.length,
      bytes: (before?.bytes ?? 0) + saved.reduce((sum, { bytes }) => sum + bytes, 0),
      oldestMs: this.oldestMs!,
      newestMs: Math.max(before?.newestMs ?? 0, last.receivedAtMs),
    };
    this.#front = new Fifo();
    this.#back = new Fifo();
    this.#inMemory = { events: 0, bytes: 0 };
    for (const event of held.slice(count)) this.#hold(event, this.#back);
  }

  #hold(event: PlacedEvent, part: Fifo<PlacedEvent>): void {
    part.push(event);
    this.#inMemory.events++;
    this.#inMemory.bytes += event.bytes;
  }

  #release(part: Fifo<PlacedEvent>): PlacedEvent | undefined {
    const event = part.shift();
    if (!event) return undefined;
    this.#inMemory.events--;
    this.#inMemory.bytes -= event.bytes;
    return event;
  }

  #giveUp(event: PlacedEvent | undefined): void {
    if (!event) return;
    this.losses.add(event.place, event.receivedAtMs);
    this.#onGivenUp(event.place, event.place + 1);
  }

  /** Reads the next of what is on disk alone. */
  #load(onDisk: OnDisk): void {
    this.#sync();
    if (this.#onDisk === null) return;
    const events = this.#store?.read(this.#topic, onDisk.from, onDisk.to) ?? [];
    const last = events.at(-1);
    if (!last) {
      this.#lose(onDisk);
      return;
    }
    for (const event of events) {
      this.#hold(event, this.#front);
      onDisk.bytes -= event.bytes;
    }
    onDisk.events -= events.length;
    onDisk.from = last.place + 1;
    onDisk.oldestMs = last.receivedAtMs;
    if (onDisk.events <= 0) this.#join();
  }

  /** Notices when all that was on disk is lost: what is in memory is then there alone. */
  #sync(): void {
    if (!this.#store || this.#store.generation === this.#generation) return;
    this.#generation = this.#store.generation;
    this.#saved = 0;
    if (this.#onDisk) this.#lose(this.#onDisk);
  }

  #lose({ from, to, events, oldestMs, newestMs }: OnDisk): void {
    this.losses.addAll(events, oldestMs, newestMs);
    this.#onGivenUp(from, to);
    this.#join();
  }

  /** Nothing is on disk alone any more. */
  #join(): void {
    this.#onDisk = null;
    for (const event of this.#back.after(0)) this.#front.push(event);
    this.#back = new Fifo();
  }
}
