import type { Event, IngestEvent } from '../../shared/events.ts';
import type { IngestBatch } from '../../shared/ingest-protocol.ts';
import type { TapePolicy } from '../../shared/tier-policy.ts';
import { marketSessionAt } from '../core/calendar.ts';
import { enrich, type Place } from '../core/enrich.ts';
import type { Decision, Router } from '../core/router.ts';
import type { Bridges } from './bridges.ts';
import type { Counters } from './counters.ts';
import type { Appended } from './flusher.ts';
import type { Outcomes } from './outcomes.ts';
import type { Refusals } from './refusals.ts';
import type { SeenValues } from './seen-values.ts';
import { ROUTING, type Tape } from './tape.ts';

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
  /** Outcomes of detections that this hub does not know. */
  unmatched: number;
  /** Whether one of the events skips the flush window. */
  isImmediate: boolean;
}

interface Parts {
  tape: Tape;
  bridges: Bridges;
  outcomes: Outcomes;
  refusals: Refusals;
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
    const { tape, bridges, outcomes, refusals, seenValues, counters, policy } = this.#parts;
    const taken: Taken = { isNew: false, appended: [], accepted: 0, unmatched: 0, isImmediate: false };
    const gaps = bridges.take(batch, nowMs);
    if (!gaps) {
      counters.counts.replayed_batches++;
      return taken;
    }
    taken.isNew = true;
    counters.counts.batches++;
    for (const gap of gaps) {
      counters.counts.gaps++;
      taken.appended.push({ row: tape.appendGap(gap, nowMs), detectedAtMs: null, bridgeAtMs: nowMs });
    }
    for (const event of batch.events) this.#takeEvent(event, taken, { edgeAtMs: batch.edge_at_ms, hubAtMs: nowMs });
    refusals.take(batch.rejects, batch.counts);
    counters.counts.probes += batch.counts?.probes ?? 0;
    if (batch.heartbeat) {
      bridges.beat(batch.bridge_id, batch.heartbeat, nowMs);
      outcomes.trim(nowMs);
    }
    seenValues.fold(tape.head, policy, nowMs);
    tape.trim(policy, nowMs);
    counters.store();
    return taken;
  }

  #takeEvent(event: IngestEvent, taken: Taken, hops: { edgeAtMs: number; hubAtMs: number }): void {
    const { tape, outcomes, counters, router } = this.#parts;
    const id = tape.newIdOf(event);
    if (id === null) {
      counters.counts.duplicates++;
      return;
    }
    if (event.kind === 'outcome' && !outcomes.knows(event)) {
      taken.unmatched++;
      counters.counts.unmatched_outcomes++;
      return;
    }
    const decision = router.decide(event, hops.hubAtMs);
    const stored = this.#enriched(event, decision, { seq: tape.head + 1, id, ...hops });
    const routing = (decision.broadcast ? ROUTING.broadcast : 0) | (decision.shared ? ROUTING.shared : 0);
    const wasReceived = event.time_origin === 'received';
    const row = tape.append(stored, routing, wasReceived ? event.id : null);
    if (stored.kind === 'pattern') outcomes.noteDetection(stored);
    if (stored.kind === 'outcome') outcomes.noteOutcome(stored);
    const detectedAtMs = wasReceived ? null : Date.parse(event.detected_at);
    taken.appended.push({ row, detectedAtMs, bridgeAtMs: event.hops.bridge_at_ms });
    taken.accepted++;
    taken.isImmediate ||= decision.immediate;
    counters.counts.appended++;
  }

  /** An enrichment that fails costs the event what it would have added, and nothing else. */
  #enriched(event: IngestEvent, decision: Decision, place: Place): Event {
    try {
      return enrich(event, decision, place, marketSessionAt);
    } catch {
      this.#parts.counters.counts.enrichment_errors++;
      const { seq, id, edgeAtMs, hubAtMs } = place;
      return { ...event, seq, id, hops: { ...event.hops, edge_at_ms: edgeAtMs, hub_at_ms: hubAtMs } } as Event;
    }
  }
}
