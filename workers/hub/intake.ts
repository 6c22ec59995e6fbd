import {
  type BacktestEvent,
  type Event,
  type IngestEvent,
  isOfBacktest,
  type TopicEvent,
} from '../../shared/events.ts';
import type { IngestBatch } from '../../shared/ingest-protocol.ts';
import type { TapePolicy } from '../../shared/tier-policy.ts';
import { marketSessionAt } from '../core/calendar.ts';
import { enrich, type Place } from '../core/enrich.ts';
import type { Duplicate } from '../core/reach.ts';
import { type Decision, type Router, routingBits } from '../core/router.ts';
import type { Backtests } from './backtests.ts';
import type { Bridges } from './bridges.ts';
import type { Counters } from './counters.ts';
import type { Appended } from './flusher.ts';
import type { HeardChannels } from './heard-channels.ts';
import type { Outcomes } from './outcomes.ts';
import type { Refusals } from './refusals.ts';
import type { SeenValues } from './seen-values.ts';
import type { Tape } from './tape.ts';

/**
 * A batch as the Worker hands it on: only what is this topic's, with when this try was signed, by the bridge's clock, and
 * when the Worker got it, by its own.
 */
export type HubBatch = Omit<IngestBatch, 'topic'> & { edge_at_ms: number };

/** What became of a batch. */
export interface Taken {
  /** false = this bridge has posted it before: nothing happened. */
  isNew: boolean;
  /** What went onto the tape, gaps too, in seq order. */
  appended: Appended[];
  accepted: number;
  /** What was on the tape already. */
  repeated: { seq: number; duplicate: Duplicate }[];
  /** Outcomes of detections that this hub does not know, and what is of backtests that nobody asked for. */
  unmatched: number;
  /** Whether one of the events skips the flush window. */
  isImmediate: boolean;
}

interface Parts {
  tape: Tape;
  bridges: Bridges;
  outcomes: Outcomes;
  backtests: Backtests;
  refusals: Refusals;
  heardChannels: HeardChannels;
  seenValues: SeenValues;
  counters: Counters;
  router: Router;
  policy: TapePolicy;
}

/** Takes batches in: everything that one changes in storage. Runs inside one transaction, and awaits nothing. */
export class Intake {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  take(batch: HubBatch, nowMs: number): Taken {
    const { tape, bridges, outcomes, backtests, refusals, heardChannels, seenValues, counters, policy } = this.#parts;
    const taken: Taken = { isNew: false, appended: [], accepted: 0, repeated: [], unmatched: 0, isImmediate: false };
    const gaps = bridges.take(batch, nowMs);
    if (!gaps) {
      counters.counts.replayed_batches++;
      return taken;
    }
    taken.isNew = true;
    counters.counts.batches++;
    for (const gap of gaps) {
      counters.counts.gaps++;
      backtests.noteGap(gap);
      taken.appended.push({ row: tape.appendGap(gap, nowMs), event: null });
    }
    for (const event of batch.events) this.#takeEvent(event, taken, batch, nowMs);
    if (taken.appended.length > 0) tape.saveHead();
    refusals.take(batch.rejects, batch.counts, nowMs);
    counters.counts.probes += batch.counts?.probes ?? 0;
    if (batch.heartbeat) {
      const { channels, ...heartbeat } = batch.heartbeat;
      bridges.beat(batch.bridge_id, heartbeat, nowMs);
      if (channels) heardChannels.take(batch.bridge_id, channels, nowMs);
      outcomes.trim(nowMs);
      backtests.trim(nowMs);
    }
    seenValues.fold(tape.head, policy, nowMs);
    tape.trim(policy, nowMs);
    return taken;
  }

  #takeEvent(event: IngestEvent, taken: Taken, batch: HubBatch, nowMs: number): void {
    if (isOfBacktest(event)) {
      this.#takeBacktest(event, taken);
      return;
    }
    const { tape, outcomes, counters, router } = this.#parts;
    const from = { bridgeId: batch.bridge_id, batchId: batch.batch_id };
    const place = tape.place(event);
    if ('duplicateOf' in place) {
      counters.counts.duplicates++;
      taken.repeated.push({ seq: place.duplicateOf, duplicate: { ...from, channel: event.channel, atMs: nowMs } });
      return;
    }
    if (event.kind === 'outcome' && !outcomes.knows(event)) {
      taken.unmatched++;
      counters.counts.unmatched_outcomes++;
      return;
    }
    const decision = router.decide(event, nowMs);
    const hops = { edgeAtMs: batch.edge_at_ms, hubAtMs: nowMs };
    const stored = this.#enriched(event, decision, { seq: tape.head + 1, id: place.id, ...hops });
    const wasReceived = event.time_origin === 'received';
    const receivedId = wasReceived ? event.id : null;
    const row = tape.append(stored, routingBits(decision), { ...from, rules: decision.rules, receivedId });
    if (stored.kind === 'pattern') outcomes.noteDetection(stored);
    if (stored.kind === 'outcome') outcomes.noteOutcome(stored);
    taken.appended.push({ row, event: stored });
    taken.accepted++;
    taken.isImmediate ||= decision.immediate;
    counters.counts.appended++;
  }

  /** On its way to its user, and on no tape: nobody else is to see it. */
  #takeBacktest(event: BacktestEvent, taken: Taken): void {
    const { backtests, counters } = this.#parts;
    const outcome = backtests.take(event);
    if (outcome === 'taken') taken.accepted++;
    else if (outcome === 'duplicate') counters.counts.duplicates++;
    else {
      taken.unmatched++;
      counters.counts.unmatched_backtests++;
    }
  }

  /** An enrichment that fails costs the event what it would have added, and nothing else. */
  #enriched(event: TopicEvent, decision: Decision, place: Place): Event {
    try {
      return enrich(event, decision, place, marketSessionAt);
    } catch {
      this.#parts.counters.counts.enrichment_errors++;
      const { seq, id, edgeAtMs, hubAtMs } = place;
      return { ...event, seq, id, hops: { ...event.hops, edge_at_ms: edgeAtMs, hub_at_ms: hubAtMs } } as Event;
    }
  }
}
