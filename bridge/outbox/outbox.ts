import { type IngestEvent, topicsOf } from '../../shared/events.ts';
import type { Reject } from '../../shared/ingest-protocol.ts';
import { TOPICS, type Topic } from '../../shared/topics.ts';
import type { Outcome, RawMessage } from '../normalise/normalise.ts';
import { utf8Bytes } from '../normalise/text.ts';
import { Lane, type OnSettled } from './lane.ts';
import type { Waiting } from './queue.ts';
import type { OutboxStore } from './store.ts';
import type { Subscription } from './subscription.ts';

/** What may wait, over all lanes. */
export interface OutboxLimits {
  /** In memory. */
  maxEvents: number;
  /** In memory. */
  maxBytes: number;
  /** In memory and on disk together. */
  maxTotalBytes: number;
}

export const OUTBOX_LIMITS: OutboxLimits = {
  maxEvents: 100_000,
  maxBytes: 64 * 1024 * 1024,
  maxTotalBytes: 1024 * 1024 * 1024,
};

/** Once something has waited for this long, all that waits is due to be written to disk. */
const SAVE_AFTER_MS = 1_000;

export interface OutboxOptions {
  limits?: OutboxLimits;
  /** Where what waits is kept as well; null: in memory alone. */
  store?: OutboxStore | null;
}

/**
 * All that waits to be posted: one lane per topic, what each event's topics are, what they cover, and the bounds on them
 * together. Past the bound on memory what waits goes to disk; past that on all together, or where there is no disk to
 * be had, the oldest events go, and their lane tells a gap.
 */
export class Outbox {
  readonly lanes: Readonly<Record<Topic, Lane>>;
  readonly #limits: OutboxLimits;
  readonly #store: OutboxStore | null;
  #subscription: Subscription | null = null;
  /** Up to when the subscription before covers. */
  #endedMs: number;
  /** Whether the store may have something. */
  #isOnDisk: boolean;
  /** A store that failed is not asked for every event that comes in. */
  #hasFailed = false;

  constructor(bridgeId: string, { limits = OUTBOX_LIMITS, store = null }: OutboxOptions = {}) {
    this.#limits = limits;
    this.#store = store;
    this.lanes = {
      daily: new Lane('daily', bridgeId, store),
      intraday: new Lane('intraday', bridgeId, store),
      combo: new Lane('combo', bridgeId, store),
      system: new Lane('system', bridgeId, store),
    };
    this.#endedMs = Math.max(...this.#all().map(lane => lane.confirmedMs));
    this.#isOnDisk = store !== null;
  }

  /** Events that wait, an outcome once for each of its lanes. */
  get events(): number {
    return this.#sum(lane => lane.events);
  }

  get bytes(): number {
    return this.#sum(lane => lane.bytes);
  }

  /** Events given up since the start, for want of room or because what was on disk could not be read. */
  get dropped(): number {
    return this.#sum(lane => lane.dropped);
  }

  /** When the oldest event that waits was received; null when none does. */
  get oldestMs(): number | null {
    return oldestOf(this.#all().map(lane => lane.oldestMs));
  }

  /** What is on no disk. */
  get inMemoryAlone(): Waiting {
    const parts = this.#all().map(lane => lane.inMemoryAlone);
    return {
      events: parts.reduce((sum, { events }) => sum + events, 0),
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
      sinceMs: oldestOf(parts.map(({ sinceMs }) => sinceMs)),
    };
  }

  /** Whether `save` is due: something has waited for a second, or what is on disk may wait no longer. */
  isSaveDue(nowMs: number): boolean {
    const sinceMs = oldestOf(this.#all().map(lane => lane.waitingSinceMs));
    return this.#isOnDisk || (sinceMs !== null && nowMs - sinceMs >= SAVE_AFTER_MS);
  }

  /** Brings the disk up to date. @returns whether all that waits is there now */
  save(): boolean {
    if (!this.#store) return false;
    const changes = this.#all().map(lane => lane.changes());
    const hasContent = changes.some(({ rest }) => rest !== null);
    if (!hasContent && !this.#isOnDisk) return true;
    this.#hasFailed = !this.#store.save(changes);
    if (this.#hasFailed) return false;
    for (const lane of this.#all()) lane.noteSaved();
    this.#isOnDisk = hasContent;
    return true;
  }

  /**
   * Queues what became of a message; says which lanes have something new to post. `onSettled` hears once all of its
   * events have been taken or refused, or as soon as one was given up; at once when it has none.
   */
  add(
    { channel, receivedAtMs }: Omit<RawMessage, 'raw'>,
    outcomes: readonly Outcome[],
    onSettled?: OnSettled,
  ): Set<Topic> {
    const touched = new Set<Topic>();
    const events = outcomes.flatMap(outcome => ('event' in outcome ? outcome.event : []));
    const onEach = onSettled && settleTogether(events, onSettled);
    for (const event of events) {
      for (const topic of this.#addEvent(event, channel, receivedAtMs, onEach)) touched.add(topic);
    }
    for (const outcome of outcomes) {
      const { refusals } = this.lanes.system;
      if ('probe' in outcome) refusals.addProbe();
      if ('notRouted' in outcome) refusals.addNotRouted(channel, outcome.notRouted);
      if ('reject' in outcome) {
        refusals.addReject(outcome.reject);
        touched.add('system');
      }
    }
    this.#bound();
    return touched;
  }

  /** Tells a reject that was made here rather than read from a message. */
  addReject(reject: Reject): void {
    this.lanes.system.refusals.addReject(reject);
  }

  /** The Redis subscription stands, from now on; never as if it went on from the one before, so that the gap shows. */
  open(atMs: number): void {
    const fromMs = Math.max(atMs, this.#endedMs + 1);
    this.#begin({ fromMs, confirmedMs: fromMs });
  }

  /** The connection gave a sign of life. */
  confirm(atMs: number): void {
    if (this.#subscription) this.#subscription.confirmedMs = Math.max(this.#subscription.confirmedMs, atMs);
  }

  /** The Redis subscription broke: what it covers ends with its last sign of life. */
  close(): void {
    if (!this.#subscription) return;
    this.#endedMs = this.#subscription.confirmedMs;
    this.#begin(null);
  }

  #begin(subscription: Subscription | null): void {
    this.#subscription = subscription;
    for (const lane of this.#all()) lane.begin(subscription);
  }

  #addEvent(event: IngestEvent, channel: string, receivedAtMs: number, onSettled?: OnSettled): readonly Topic[] {
    const json = JSON.stringify(event);
    const queued = { json, bytes: utf8Bytes(json), channel, receivedAtMs };
    const topics = topicsOf(event);
    for (const topic of topics) this.lanes[topic].add(queued, onSettled);
    return topics;
  }

  #bound(): void {
    if (this.#overfillsMemory()) this.#spill();
    while (this.#overfillsMemory()) {
      const lane = this.#oldestLane(lane => lane.oldestInMemoryMs);
      if (lane === null) break;
      lane.dropOldestInMemory();
    }
    while (this.bytes > this.#limits.maxTotalBytes) {
      const lane = this.#oldestLane(lane => lane.oldestToDropMs);
      if (lane === null) return;
      lane.dropOldest();
    }
  }

  #overfillsMemory(): boolean {
    const { maxEvents, maxBytes } = this.#limits;
    return (
      this.#sum(lane => lane.inMemory.events) > maxEvents ||
      this.#sum(lane => lane.inMemory.bytes) > Math.min(maxBytes, this.#limits.maxTotalBytes)
    );
  }

  /** Leaves to the disk what is there, the fullest lanes' first. */
  #spill(): void {
    if (!this.#hasFailed) this.save();
    const fullestFirst = this.#all().toSorted((a, b) => b.inMemory.bytes - a.inMemory.bytes);
    for (const lane of fullestFirst) if (this.#overfillsMemory()) lane.evict();
  }

  /** The lane whose event is the oldest of those; null when no lane has one. */
  #oldestLane(atMs: (lane: Lane) => number | null): Lane | null {
    let oldest: { lane: Lane; atMs: number } | null = null;
    for (const lane of this.#all()) {
      const laneMs = atMs(lane);
      if (laneMs !== null && (oldest === null || laneMs < oldest.atMs)) oldest = { lane, atMs: laneMs };
    }
    return oldest?.lane ?? null;
  }

  #all(): Lane[] {
    return TOPICS.map(topic => this.lanes[topic]);
  }

  #sum(of: (lane: Lane) => number): number {
    return TOPICS.reduce((sum, topic) => sum + of(this.lanes[topic]), 0);
  }
}

/** What each event of a message, in each of its lanes, is to tell so that the message is settled with the last. */
function settleTogether(events: readonly IngestEvent[], onSettled: OnSettled): OnSettled {
  let left = events.reduce((sum, event) => sum + topicsOf(event).length, 0);
  let isSettled = false;
  const settle: OnSettled = isTaken => {
    if (!isSettled) onSettled(isTaken);
    isSettled = true;
  };
  if (left === 0) settle(true);
  return isTaken => {
    left--;
    if (!isTaken || left === 0) settle(isTaken);
  };
}

/** The least of the times that are known. */
function oldestOf(times: readonly (number | null)[]): number | null {
  const known = times.filter(time => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
