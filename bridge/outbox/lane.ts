import type { BridgeHeartbeat, Covers, IngestCounts, IngestGap, Reject } from '../../shared/ingest-protocol.ts';
import { HEARTBEAT_MS, MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_SAMPLE_BYTES } from '../../shared/limits.ts';
import type { Topic } from '../../shared/topics.ts';
import { firstBytes, utf8Bytes } from '../normalise/text.ts';
import { Fifo } from './fifo.ts';
import { Refusals } from './refusals.ts';
import { coversOf, coversUpTo, type Subscription } from './subscription.ts';

/** An event that waits to be posted: kept as the JSON it will be posted as. */
export interface QueuedEvent {
  json: string;
  /** Of `json` as UTF-8. */
  bytes: number;
  channel: string;
  receivedAtMs: number;
}

/** What one request carries. Tried again it is the same, but for when it was sent. */
export interface Batch {
  id: number;
  body: string;
  /** When the oldest event in it was received; null without events. */
  oldestMs: number | null;
  events: number;
}

/** What is in a batch, before it has a number and a body. */
interface Draft {
  covers: Covers | null;
  events: QueuedEvent[];
  rest: Rest;
}
/** All that a batch carries besides events. */
interface Rest {
  rejects: Reject[];
  gaps: IngestGap[];
  heartbeat?: BridgeHeartbeat;
  counts?: IngestCounts | undefined;
}

/** What was received under one subscription, and waits. */
interface Segment {
  subscription: Subscription | null;
  events: Fifo<QueuedEvent>;
}

/** What the edge refused even alone, so that it is told to nobody there. */
export type GivenUp =
  /** With the reject to tell in its place. */
  { what: 'event'; reject: Reject } | { what: 'gap'; gaps: IngestGap[] } | { what: 'heartbeat' };

const NO_REST: Rest = { rejects: [], gaps: [] };
/** Ids, times, covers and punctuation. */
const FRAME_BYTES = 1_024;

/**
 * The queue of one topic and the arithmetic of its batches. The caller owns clock and network: it asks for the batch
 * that is due, posts it, and says what came of it; nothing else is due until it has.
 *
 * Batches leave in the order of receipt, under rising numbers, and never mix two subscriptions: what a batch claims to
 * cover is then true of all in it.
 */
export class Lane {
  readonly topic: Topic;
  /** Rejects, counts and probes wait here; only the lane of `system` is given any. */
  readonly refusals = new Refusals();
  readonly #bridgeId: string;
  readonly #segments: [Segment, ...Segment[]] = [{ subscription: null, events: new Fifo() }];
  /** Parts of a refused batch, to be posted before anything else. */
  readonly #drafts: Draft[] = [];
  #current: { id: number; draft: Draft } | null = null;
  #lastId = 0;
  #lastBeatMs = Number.NEGATIVE_INFINITY;
  #lost: IngestGap | null = null;
  #queued = 0;
  #bytes = 0;

  constructor(topic: Topic, bridgeId: string) {
    this.topic = topic;
    this.#bridgeId = bridgeId;
  }

  /** Events that wait, those of the current batch included. */
  get events(): number {
    return this.#queued;
  }

  /** Bytes of the JSON of those events. */
  get bytes(): number {
    return this.#bytes;
  }

  add(event: QueuedEvent): void {
    this.#segments.at(-1)!.events.push(event);
    this.#queued++;
    this.#bytes += event.bytes;
  }

  /** What is added from now on is received under another subscription (null: under none that is confirmed yet). */
  begin(subscription: Subscription | null): void {
    this.#segments.push({ subscription, events: new Fifo() });
    this.beatSoon();
  }

  /** Makes a heartbeat due at once, to tell a change of state. */
  beatSoon(): void {
    this.#lastBeatMs = Number.NEGATIVE_INFINITY;
  }

  /** When the oldest event was received that can still be dropped; null when there is none. */
  get oldestMs(): number | null {
    return this.#segments.find(({ events }) => events.length > 0)?.events.peek()?.receivedAtMs ?? null;
  }

  /** Gives up the oldest event that is in no batch yet; the next batch tells the gap. */
  dropOldest(): void {
    const event = this.#segments.find(({ events }) => events.length > 0)?.events.shift();
    if (!event) return;
    this.#forget([event]);
    const { receivedAtMs } = event;
    this.#lost ??= { from_ms: receivedAtMs, to_ms: receivedAtMs, reason: 'outbox_overflow' };
    this.#lost.to_ms = Math.max(this.#lost.to_ms, receivedAtMs);
  }

  /** Milliseconds until a heartbeat is due. */
  beatDueInMs(nowMs: number): number {
    return Math.max(0, this.#lastBeatMs + HEARTBEAT_MS - nowMs);
  }

  /** The batch to post now: the current one until it is settled, else a new one; null when nothing is due. */
  next(nowMs: number, heartbeat: () => BridgeHeartbeat): Batch | null {
    if (this.#current) return this.#write(this.#current, nowMs);
    const draft = this.#drafts.shift() ?? this.#newDraft(nowMs, heartbeat);
    if (!draft) return null;
    this.#current = { draft, id: ++this.#lastId };
    return this.#write(this.#current, nowMs);
  }

  /** The current batch was taken. */
  taken(): void {
    this.#forget(this.#settle().events);
  }

  /**
   * The current batch will never be taken: its parts are due next, in order. What was refused alone is given up, and
   * returned; but of rejects the count stays, and counts wait for the batch after.
   */
  refused(at: string): GivenUp | null {
    const draft = this.#settle();
    const parts = split(draft);
    if (parts.length > 1) {
      this.#drafts.unshift(...parts);
      return null;
    }
    const { events, rest } = draft;
    const [event] = events;
    if (event) {
      this.#forget(events);
      const sample = firstBytes(event.json, MAX_SAMPLE_BYTES);
      return { what: 'event', reject: { channel: event.channel, reason: 'refused_by_edge', sample, at } };
    }
    this.refusals.putBack(rest.rejects, rest.counts);
    if (rest.gaps.length > 0) return { what: 'gap', gaps: rest.gaps };
    return rest.heartbeat ? { what: 'heartbeat' } : null;
  }

  #settle(): Draft {
    if (!this.#current) throw new Error(`lane ${this.topic} has no batch to settle`);
    const { draft } = this.#current;
    this.#current = null;
    return draft;
  }

  #forget(events: readonly QueuedEvent[]): void {
    this.#queued -= events.length;
    for (const { bytes } of events) this.#bytes -= bytes;
  }

  #hasWork(): boolean {
    const [{ events }] = this.#segments;
    return (
      events.length > 0 ||
      this.#segments.length > 1 ||
      this.#drafts.length > 0 ||
      this.#lost !== null ||
      this.refusals.isUrgent
    );
  }

  #newDraft(nowMs: number, heartbeat: () => BridgeHeartbeat): Draft | null {
    this.#skipUnconfirmed();
    const beats = this.beatDueInMs(nowMs) === 0;
    if (!beats && !this.#hasWork()) return null;
    const rest: Rest = { ...this.refusals.take(), gaps: this.#lost ? [this.#lost] : [] };
    this.#lost = null;
    if (beats) {
      this.#lastBeatMs = nowMs;
      rest.heartbeat = heartbeat();
    }
    const [segment] = this.#segments;
    const room = MAX_BATCH_BYTES - FRAME_BYTES - utf8Bytes(JSON.stringify(rest));
    const events = takeBatch(segment.events, room);
    const left = segment.events.peek() ?? null;
    // Emptied and over: its end is told by this batch, even one without events.
    if (left === null && this.#segments.length > 1) this.#segments.shift();
    return { covers: coversOf(segment.subscription, events.at(-1) ?? null, left), events, rest };
  }

  /** A subscription that never stood has nothing to tell when nothing came in meanwhile. */
  #skipUnconfirmed(): void {
    const [{ subscription, events }] = this.#segments;
    if (subscription === null && events.length === 0 && this.#segments.length > 1) {
      this.#segments.shift();
      this.#skipUnconfirmed();
    }
  }

  #write({ id, draft: { covers, events, rest } }: { id: number; draft: Draft }, nowMs: number): Batch {
    const head = JSON.stringify({
      bridge_id: this.#bridgeId,
      batch_id: id,
      topic: this.topic,
      sent_at_ms: nowMs,
      covers,
      ...rest,
    });
    const body = `${head.slice(0, -1)},"events":[${events.map(event => event.json).join(',')}]}`;
    return { id, body, oldestMs: events[0]?.receivedAtMs ?? null, events: events.length };
  }
}

/** As many events as fit, but always one. */
function takeBatch(queue: Fifo<QueuedEvent>, room: number): QueuedEvent[] {
  const events: QueuedEvent[] = [];
  let left = room;
  for (let next = queue.peek(); next && events.length < MAX_BATCH_EVENTS; next = queue.peek()) {
    left -= next.bytes + 1;
    if (left < 0 && events.length > 0) break;
    events.push(next);
    queue.shift();
  }
  return events;
}

/** The drafts that take a refused one's place; one alone when it cannot be split. */
function split(draft: Draft): Draft[] {
  if (draft.events.length === 0) return splitRest(draft);
  return draft.events.length === 1 && isEmpty(draft.rest) ? [draft] : halve(draft);
}

/** What may not be missed comes first: gaps, with what is covered but for them. */
function splitRest({ covers, rest: { gaps, rejects, counts, heartbeat } }: Draft): Draft[] {
  const parts: Draft[] = [
    { covers, events: [], rest: { rejects: [], gaps } },
    { covers: null, events: [], rest: { rejects, gaps: [], counts } },
    { covers: null, events: [], rest: { rejects: [], gaps: [], ...(heartbeat && { heartbeat }) } },
  ];
  return parts.filter(part => part.covers !== null || !isEmpty(part.rest));
}

/** Two drafts in place of one: its events halved, or its only event apart from the rest. */
function halve({ covers, events, rest }: Draft): [Draft, Draft] {
  const middle = Math.floor(events.length / 2);
  const [first, second] = [events.slice(0, middle), events.slice(middle)];
  return [
    { covers: covers && coversUpTo(covers.from_ms, first.at(-1) ?? null, second[0]!), events: first, rest },
    { covers, events: second, rest: NO_REST },
  ];
}

function isEmpty({ rejects, gaps, heartbeat, counts }: Rest): boolean {
  return rejects.length === 0 && gaps.length === 0 && heartbeat === undefined && counts === undefined;
}
