/** What became of an event in the flush that it was part of: numbers of sessions. */
export interface Reach {
  /** Live ones that were to get it. */
  matched: number;
  /** Of these: not sent it for want of budget. */
  rate_limited: number;
  /** Of these: not sent it because they read slowly, and something newer of the same was there. */
  skipped: number;
  /** Of these: closed instead, as reading far too slowly or not to be sent to. */
  closed: number;
}

export function newReach(): Reach {
  return { matched: 0, rate_limited: 0, skipped: 0, closed: 0 };
}

/** A flush, for the events in it. */
export interface FlushFacts {
  atMs: number;
  live: number;
  /** Sessions that were catching up, and get what is theirs from the tape. */
  behind: number;
}

/** Where else an event that was kept came from. */
export interface Duplicate {
  bridgeId: string;
  batchId: number;
  channel: string;
  atMs: number;
}

/** What is remembered of one event; `flush` is null until it was flushed, `duplicates` counts since it was appended. */
export interface Remembered {
  flush: (Reach & FlushFacts) | null;
  duplicates: number;
  lastDuplicate: Duplicate | null;
}

export const REMEMBERED_EVENTS = 10_000;

/** The numbers that are kept of each event, by their place among them. */
const MATCHED = 0;
const RATE_LIMITED = 1;
const SKIPPED = 2;
const CLOSED = 3;
const LIVE = 4;
const BEHIND = 5;
const DUPLICATES = 6;
const NUMBERS = 7;

/**
 * What became of the newest events, in memory alone: a ring of one place per event, by its seq. All of it is 440 KB, taken
 * when the first event comes, whatever the number of sessions; besides that the last duplicate of each event that has one.
 */
export class ReachLog {
  readonly #capacity: number;
  #seqs = new Float64Array(0);
  #flushedAtMs = new Float64Array(0);
  #numbers = new Uint32Array(0);
  readonly #lastDuplicates = new Map<number, Duplicate>();

  constructor(capacity: number = REMEMBERED_EVENTS) {
    this.#capacity = capacity;
  }

  /** An event has come onto the tape; the one in whose place it comes is forgotten. */
  appended(seq: number): void {
    if (this.#seqs.length === 0) {
      this.#seqs = new Float64Array(this.#capacity);
      this.#flushedAtMs = new Float64Array(this.#capacity);
      this.#numbers = new Uint32Array(this.#capacity * NUMBERS);
    }
    const place = seq % this.#capacity;
    this.#lastDuplicates.delete(this.#seqs[place]!);
    this.#seqs[place] = seq;
    this.#flushedAtMs[place] = Number.NaN;
    this.#numbers.fill(0, place * NUMBERS, (place + 1) * NUMBERS);
  }

  flushed(seq: number, { matched, rate_limited, skipped, closed }: Reach, { atMs, live, behind }: FlushFacts): void {
    if (!this.#has(seq)) return;
    const place = seq % this.#capacity;
    this.#flushedAtMs[place] = atMs;
    const at = place * NUMBERS;
    this.#numbers[at + MATCHED] = matched;
    this.#numbers[at + RATE_LIMITED] = rate_limited;
    this.#numbers[at + SKIPPED] = skipped;
    this.#numbers[at + CLOSED] = closed;
    this.#numbers[at + LIVE] = live;
    this.#numbers[at + BEHIND] = behind;
  }

  /** The same event has come again, and was not kept. */
  repeated(seq: number, duplicate: Duplicate): void {
    if (!this.#has(seq)) return;
    this.#numbers[(seq % this.#capacity) * NUMBERS + DUPLICATES]!++;
    this.#lastDuplicates.set(seq, duplicate);
  }

  /** What became of this event is not known any more. */
  forget(seq: number): void {
    if (!this.#has(seq)) return;
    this.#lastDuplicates.delete(seq);
    this.#seqs[seq % this.#capacity] = 0;
  }

  /** null = not among the newest, or appended before this memory began. */
  read(seq: number): Remembered | null {
    if (!this.#has(seq)) return null;
    const place = seq % this.#capacity;
    const number = (which: number) => this.#numbers[place * NUMBERS + which]!;
    const atMs = this.#flushedAtMs[place]!;
    const flush = {
      atMs,
      live: number(LIVE),
      behind: number(BEHIND),
      matched: number(MATCHED),
      rate_limited: number(RATE_LIMITED),
      skipped: number(SKIPPED),
      closed: number(CLOSED),
    };
    return {
      flush: Number.isNaN(atMs) ? null : flush,
      duplicates: number(DUPLICATES),
      lastDuplicate: this.#lastDuplicates.get(seq) ?? null,
    };
  }

  #has(seq: number): boolean {
    return seq > 0 && this.#seqs[seq % this.#capacity] === seq;
  }
}
