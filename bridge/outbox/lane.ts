import type { BridgeHeartbeat, IngestGap, Reject } from '../../shared/ingest-protocol.ts';
import { HEARTBEAT_MS, MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_SAMPLE_BYTES } from '../../shared/limits.ts';
import type { Topic } from '../../shared/topics.ts';
import { firstBytes, utf8Bytes } from '../normalise/text.ts';
import type { Draft, Rest } from './draft.ts';
import { Drafts } from './drafts.ts';
import { type PlacedEvent, Queue, type QueuedEvent, type Waiting } from './queue.ts';
import { Refusals } from './refusals.ts';
import type { KeptRest, LaneChanges, OutboxStore, Segment } from './store.ts';
import { coversOf, type Subscription } from './subscription.ts';

/** What one request carries. Tried again it is the same, but for when it was sent. */
export interface Batch {
  id: number;
  body: string;
  /** When the oldest event in it was received; null without events. */
  oldestMs: number | null;
  events: number;
}

/** What the edge refused even alone, so that it is told to nobody there. */
export type GivenUp =
  /** With the reject to tell in its place. */
  { what: 'event'; reject: Reject } | { what: 'gap'; gaps: IngestGap[] } | { what: 'heartbeat' };

/** Hears once that an event was taken, or refused and told as a reject, or else given up. */
export type OnSettled = (isTaken: boolean) => void;

/** Ids, times, covers and punctuation. */
const FRAME_BYTES = 1_024;

/**
 * The queue of one topic and the arithmetic of its batches. The caller owns clock and network: it asks for the batch
 * that is due, posts it, and says what came of it; nothing else is due until it has.
 *
 * Batches leave in the order of receipt, under rising numbers, and never mix two subscriptions: what a batch claims to
 * cover is then true of all in it. What an earlier start of the bridge left in the store comes first, and is posted for
 * that start: so the hub sees the time between the two, and no other, as one in which nobody listened. Heartbeats are
 * this start's, and claim to cover nothing until its turn comes.
 */
export class Lane {
  readonly topic: Topic;
  /** Rejects, counts and probes wait here; only the lane of `system` is given any. */
  readonly refusals = new Refusals();
  readonly #bridgeId: string;
  readonly #store: OutboxStore | null;
  readonly #queue: Queue;
  readonly #segments: [Segment, ...Segment[]];
  readonly #drafts: Drafts;
  #current: { draft: Draft; madeAtMs: number } | null = null;
  /** Of the drafts that are on disk, and in which generation of the store. */
  #savedVersion: string;
  /** By the places of events. */
  readonly #listeners = new Map<number, OnSettled>();
  /** By the start of a bridge. */
  readonly #lastNumbers = new Map<string, number>();
  #lastBeatMs = Number.NEGATIVE_INFINITY;

  constructor(topic: Topic, bridgeId: string, store: OutboxStore | null = null) {
    const { onDisk, drafts, rest } = store?.load(topic) ?? { onDisk: null, drafts: [], rest: null };
    const segments = rest?.segments ?? [];
    const next = Math.max(1, onDisk?.to ?? 0, segments.at(-1)?.start ?? 0);
    this.topic = topic;
    this.#bridgeId = bridgeId;
    this.#store = store;
    const onGivenUp = (from: number, to: number) => this.#tellGivenUp(from, to);
    this.#queue = new Queue({ topic, store, onDisk, next, onGivenUp });
    this.#queue.losses.restore(rest?.gaps ?? []);
    if (rest?.refusals) this.refusals.restore(rest.refusals);
    const [first, ...others] = [...segments, { start: next, bridgeId, subscription: null }];
    this.#segments = [first!, ...others];
    this.#drafts = new Drafts(drafts);
    this.#savedVersion = this.#version();
    this.#lastNumbers.set(bridgeId, 0);
  }

  /** Events that wait, those of the current batch included. */
  get events(): number {
    return this.#queue.length + this.#drafts.events;
  }

  /** Bytes of the JSON of those events. */
  get bytes(): number {
    return this.#queue.bytes + this.#drafts.bytes;
  }

  /** The same of those that are in memory, on disk as well or not. */
  get inMemory(): { events: number; bytes: number } {
    const { events, bytes } = this.#queue.inMemory;
    return { events: events + this.#drafts.events, bytes: bytes + this.#drafts.bytes };
  }

  /** What is on no disk. */
  get inMemoryAlone(): Waiting {
    return this.#queue.inMemoryAlone(this.#drafts.allEvents());
  }

  /** Events given up since the start. */
  get dropped(): number {
    return this.#queue.losses.count;
  }

  /** When the oldest event was received; null when none waits. */
  get oldestMs(): number | null {
    return this.#drafts.oldestMs ?? this.#queue.oldestMs;
  }

  /** The same of those that are in no batch, and so can be dropped. */
  get oldestToDropMs(): number | null {
    return this.#queue.oldestMs;
  }

  /** The same of those that are in memory, too. */
  get oldestInMemoryMs(): number | null {
    return this.#queue.oldestInMemoryMs;
  }

  /** Since when an event, or a batch without any, has waited; null when nothing does. */
  get waitingSinceMs(): number | null {
    const madeAtMs = this.#current?.madeAtMs ?? null;
    const { oldestMs } = this;
    return madeAtMs === null || oldestMs === null ? (oldestMs ?? madeAtMs) : Math.min(oldestMs, madeAtMs);
  }

  /** Up to when what an earlier start left, and all since, was received under a confirmed subscription; 0: never. */
  get confirmedMs(): number {
    return Math.max(0, ...this.#segments.map(({ subscription }) => subscription?.confirmedMs ?? 0));
  }

  add(event: QueuedEvent, onSettled?: OnSettled): void {
    const place = this.#queue.add(event);
    if (onSettled) this.#listeners.set(place, onSettled);
  }

  /** What is added from now on is received under another subscription (null: under none that is confirmed yet). */
  begin(subscription: Subscription | null): void {
    this.#segments.push({ start: this.#queue.next, bridgeId: this.#bridgeId, subscription });
    this.beatSoon();
  }

  /** Makes a heartbeat due at once, to tell a change of state. */
  beatSoon(): void {
    this.#lastBeatMs = Number.NEGATIVE_INFINITY;
  }

  /** Gives up the oldest event that is in no batch yet; the next batch tells the gap. */
  dropOldest(): void {
    this.#queue.dropOldest();
  }

  /** The same for the oldest that is in memory. */
  dropOldestInMemory(): void {
    this.#queue.dropOldestInMemory();
  }

  /** Lets go of what is on disk as well. */
  evict(): void {
    this.#queue.evict();
  }

  /** What the store must be told so that it keeps all that waits. */
  changes(): LaneChanges {
    const { topic } = this;
    const added = this.#queue.unsaved();
    const drafts = this.#savedVersion === this.#version() ? undefined : this.#drafts.kept();
    return { topic, below: this.#queue.first, added, drafts, rest: this.#keptRest() };
  }

  /** The store has made the changes. */
  noteSaved(): void {
    this.#queue.noteSaved();
    this.#savedVersion = this.#version();
  }

  /** Milliseconds until a heartbeat is due. */
  beatDueInMs(nowMs: number): number {
    return Math.max(0, this.#lastBeatMs + HEARTBEAT_MS - nowMs);
  }

  /**
   * The batch to post now: the current one until it is settled, else a new one; null when nothing is due.
   * @param workerAheadMs how far the Worker's clock is ahead at least; null when that is not known
   */
  next(nowMs: number, heartbeat: () => BridgeHeartbeat, workerAheadMs: number | null = null): Batch | null {
    if (!this.#current) {
      const draft = this.#drafts.begin(() => this.#newDraft(nowMs, heartbeat));
      if (!draft) return null;
      draft.number ??= this.#nextNumber(draft.bridgeId);
      this.#current = { draft, madeAtMs: nowMs };
    }
    return toBatch(this.#current.draft, { topic: this.topic, nowMs, workerAheadMs });
  }

  /** The current batch was taken. */
  taken(): void {
    for (const { place } of this.#settle().events) this.#tell(place, true);
  }

  /**
   * The current batch will never be taken: its parts are due next, in order. What was refused alone is given up, and
   * returned; but of rejects the count stays, and counts wait for the batch after.
   */
  refused(at: string): GivenUp | null {
    const draft = this.#settle();
    if (this.#drafts.split(draft)) return null;
    const { events, rest } = draft;
    const [event] = events;
    if (event) {
      this.#tell(event.place, true);
      const sample = firstBytes(event.json, MAX_SAMPLE_BYTES);
      return { what: 'event', reject: { channel: event.channel, reason: 'refused_by_edge', sample, at } };
    }
    this.refusals.putBack(rest.rejects, rest.counts);
    if (rest.gaps.length > 0) return { what: 'gap', gaps: rest.gaps };
    return rest.heartbeat ? { what: 'heartbeat' } : null;
  }

  #settle(): Draft {
    if (!this.#current) throw new Error(`lane ${this.topic} has no batch to settle`);
    this.#current = null;
    return this.#drafts.settle();
  }

  #tell(place: number, isTaken: boolean): void {
    this.#listeners.get(place)?.(isTaken);
    this.#listeners.delete(place);
  }

  #tellGivenUp(from: number, to: number): void {
    for (const place of this.#listeners.keys()) if (place >= from && place < to) this.#tell(place, false);
  }

  #version(): string {
    return `${this.#store?.generation}/${this.#drafts.version}`;
  }

  #keptRest(): KeptRest | null {
    const rest: KeptRest = {
      segments: this.#segments,
      gaps: [...this.#queue.losses.gaps],
      refusals: this.refusals.kept(),
    };
    const isIdle = this.events === 0 && this.#segments.length === 1 && this.#drafts.isEmpty;
    return isIdle && rest.gaps.length === 0 && rest.refusals === null ? null : rest;
  }

  #hasWork(): boolean {
    const { length, losses } = this.#queue;
    return length > 0 || this.#segments.length > 1 || losses.gaps.length > 0 || this.refusals.isUrgent;
  }

  #newDraft(nowMs: number, heartbeat: () => BridgeHeartbeat): Draft | null {
    this.#skipUnconfirmed();
    const beats = this.beatDueInMs(nowMs) === 0;
    if (!beats && !this.#hasWork()) return null;
    const [{ bridgeId, subscription }] = this.#segments;
    const rest: Rest = { ...this.refusals.take(), gaps: [...this.#queue.losses.gaps] };
    if (beats) {
      this.#lastBeatMs = nowMs;
      rest.heartbeat = heartbeat();
    }
    const isApart = beats && bridgeId !== this.#bridgeId;
    const room = MAX_BATCH_BYTES - FRAME_BYTES - utf8Bytes(JSON.stringify(rest));
    const events = isApart ? [] : this.#takeEvents(room);
    // Reading them from disk may have shown that they are lost.
    rest.gaps = this.#queue.losses.take();
    if (isApart) return { bridgeId: this.#bridgeId, number: null, covers: null, events, rest };
    const left = this.#peek();
    // Emptied and over: its end is told by this batch, even one without events.
    if (left === null && this.#segments.length > 1) this.#endSegment();
    return { bridgeId, number: null, covers: coversOf(subscription, left), events, rest };
  }

  /** As many events of the first segment as fit, but always one. */
  #takeEvents(room: number): PlacedEvent[] {
    const events: PlacedEvent[] = [];
    let left = room;
    for (let next = this.#peek(); next && events.length < MAX_BATCH_EVENTS; next = this.#peek()) {
      left -= next.bytes + 1;
      if (left < 0 && events.length > 0) break;
      events.push(next);
      this.#queue.shift();
    }
    return events;
  }

  /** The oldest event, when it is of the first segment. */
  #peek(): PlacedEvent | null {
    const event = this.#queue.peek();
    return event && event.place < (this.#segments[1]?.start ?? Number.POSITIVE_INFINITY) ? event : null;
  }

  /** A subscription that never stood has nothing to tell when nothing came in meanwhile. */
  #skipUnconfirmed(): void {
    while (this.#segments.length > 1 && this.#segments[0].subscription === null && this.#peek() === null) {
      this.#endSegment();
    }
  }

  /** Where this start's own begin, its coverage is told at once. */
  #endSegment(): void {
    const ended = this.#segments.shift()!;
    if (ended.bridgeId !== this.#segments[0].bridgeId) this.beatSoon();
  }

  #nextNumber(bridgeId: string): number {
    const number = (this.#lastNumbers.get(bridgeId) ?? this.#store?.firstNumber ?? 0) + 1;
    this.#lastNumbers.set(bridgeId, number);
    return number;
  }
}

function toBatch(
  { bridgeId, number, covers, events, rest }: Draft,
  { topic, nowMs, workerAheadMs }: { topic: Topic; nowMs: number; workerAheadMs: number | null },
): Batch {
  const head = JSON.stringify({
    bridge_id: bridgeId,
    batch_id: number,
    topic,
    sent_at_ms: nowMs,
    ...(workerAheadMs !== null && { worker_ahead_ms: workerAheadMs }),
    covers,
    ...rest,
  });
  const body = `${head.slice(0, -1)},"events":[${events.map(event => event.json).join(',')}]}`;
  return { id: number!, body, oldestMs: events[0]?.receivedAtMs ?? null, events: events.length };
}
