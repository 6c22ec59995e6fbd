import type { IngestBatch, IngestGap } from '../../../shared/ingest-protocol.ts';
import { emptyCoverage, takeReport } from '../../../workers/core/coverage.ts';
import { idsOf } from './support.ts';

/** What a hub makes of the batches that it gets, as far as a bridge can rely on it. */
export class HubModel {
  /** Ids of events, each once, in the order in which they came. */
  readonly tape: number[] = [];
  readonly onTape = new Set<number>();
  /** Told by bridges. */
  readonly lost: IngestGap[] = [];
  /** Times in which nobody listened, as coverage shows them. */
  readonly absences: { fromMs: number; toMs: number; reason: string }[] = [];
  rejects = 0;
  readonly #coverage = emptyCoverage();
  readonly #idsOf: (batch: IngestBatch) => number[];
  readonly #bridges = new Map<string, { batchId: number; hasCovered: boolean }>();

  /** What tells one event from another is the caller's to say. */
  constructor(numbersOf: (batch: IngestBatch) => number[] = idsOf) {
    this.#idsOf = numbersOf;
  }

  /** @returns whether it is a batch that this hub has not seen */
  take(batch: IngestBatch): boolean {
    const known = this.#bridges.get(batch.bridge_id);
    if (known && batch.batch_id <= known.batchId) return false;
    this.#bridges.set(batch.bridge_id, {
      batchId: batch.batch_id,
      hasCovered: known?.hasCovered || batch.covers !== null,
    });
    if (batch.covers) {
      const report = {
        bridgeId: batch.bridge_id,
        bridgeName: 'bridge',
        covers: batch.covers,
        uncoveredAtMs: null,
        sentAtMs: batch.sent_at_ms,
        leastOffsetMs: 0,
        hasCovered: known?.hasCovered ?? false,
      };
      this.absences.push(...takeReport(this.#coverage, report, batch.sent_at_ms).gaps);
    }
    this.lost.push(...batch.gaps);
    this.rejects += batch.rejects.length + (batch.counts?.rejected ?? []).reduce((sum, { count }) => sum + count, 0);
    for (const id of this.#idsOf(batch)) {
      if (this.onTape.has(id)) continue;
      this.onTape.add(id);
      this.tape.push(id);
    }
    return true;
  }
}
