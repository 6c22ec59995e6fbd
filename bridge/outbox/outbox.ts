import { type IngestEvent, topicsOf } from '../../shared/events.ts';
import type { Reject } from '../../shared/ingest-protocol.ts';
import { TOPICS, type Topic } from '../../shared/topics.ts';
import type { Outcome, RawMessage } from '../normalise/normalise.ts';
import { utf8Bytes } from '../normalise/text.ts';
import { Lane } from './lane.ts';
import type { Subscription } from './subscription.ts';

/** What may wait in memory, over all lanes. */
export interface OutboxLimits {
  maxEvents: number;
  maxBytes: number;
}

export const OUTBOX_LIMITS: OutboxLimits = { maxEvents: 100_000, maxBytes: 64 * 1024 * 1024 };

/**
 * All that waits to be posted: one lane per topic, what each event's topics are, what they cover, and the bound on them
 * together. Past the bound the oldest events go, and their lane tells a gap.
 */
export class Outbox {
  readonly lanes: Readonly<Record<Topic, Lane>>;
  readonly #limits: OutboxLimits;
  #subscription: Subscription | null = null;
  /** Up to when the subscription before covers. */
  #endedMs = Number.NEGATIVE_INFINITY;
  #dropped = 0;

  constructor(bridgeId: string, limits: OutboxLimits = OUTBOX_LIMITS) {
    this.#limits = limits;
    this.lanes = {
      daily: new Lane('daily', bridgeId),
      intraday: new Lane('intraday', bridgeId),
      combo: new Lane('combo', bridgeId),
      system: new Lane('system', bridgeId),
    };
  }

  /** Events that wait, an outcome once for each of its lanes. */
  get events(): number {
    return this.#sum(lane => lane.events);
  }

  get bytes(): number {
    return this.#sum(lane => lane.bytes);
  }

  /** Events given up since the start because too many waited. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Queues what became of a message; says which lanes have something new to post. */
  add({ channel, receivedAtMs }: RawMessage, outcomes: readonly Outcome[]): Set<Topic> {
    const touched = new Set<Topic>();
    for (const outcome of outcomes) {
      if ('event' in outcome) {
        for (const topic of this.#addEvent(outcome.event, channel, receivedAtMs)) touched.add(topic);
        continue;
      }
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
    for (const topic of TOPICS) this.lanes[topic].begin(subscription);
  }

  #addEvent(event: IngestEvent, channel: string, receivedAtMs: number): readonly Topic[] {
    const json = JSON.stringify(event);
    const queued = { json, bytes: utf8Bytes(json), channel, receivedAtMs };
    const topics = topicsOf(event);
    for (const topic of topics) this.lanes[topic].add(queued);
    return topics;
  }

  #bound(): void {
    while (this.events > this.#limits.maxEvents || this.bytes > this.#limits.maxBytes) {
      const oldest = this.#oldestLane();
      if (oldest === null) return;
      oldest.dropOldest();
      this.#dropped++;
    }
  }

  /** Of the lanes with an event that can be dropped, the one whose is the oldest. */
  #oldestLane(): Lane | null {
    let oldest: Lane | null = null;
    for (const topic of TOPICS) {
      const lane = this.lanes[topic];
      if (lane.oldestMs !== null && (oldest === null || lane.oldestMs < oldest.oldestMs!)) oldest = lane;
    }
    return oldest;
  }

  #sum(of: (lane: Lane) => number): number {
    return TOPICS.reduce((sum, topic) => sum + of(this.lanes[topic]), 0);
  }
}
