import type { IngestGap } from '../../shared/ingest-protocol.ts';

/** A batch carries no more. */
const MAX_GAPS = 100;

/** Which times the events given up were of, until a batch tells them. */
export class Losses {
  #gaps: IngestGap[] = [];
  #lastPlace: number | null = null;
  #count = 0;

  /** Events given up so far, told or not. */
  get count(): number {
    return this.#count;
  }

  /** What no batch has told yet. */
  get gaps(): readonly IngestGap[] {
    return this.#gaps;
  }

  /** An event was given up; with the one before it in the queue it makes one gap. */
  add(place: number, atMs: number): void {
    this.#count++;
    const isNext = this.#lastPlace === place - 1;
    this.#lastPlace = place;
    this.#tell({ from_ms: atMs, to_ms: atMs, reason: 'outbox_overflow' }, isNext);
  }

  /** So many events were given up, received between these times. */
  addAll(count: number, fromMs: number, toMs: number): void {
    this.#count += count;
    this.#lastPlace = null;
    this.#tell({ from_ms: fromMs, to_ms: toMs, reason: 'outbox_overflow' }, false);
  }

  /** Told by an earlier start to nobody yet. */
  restore(gaps: readonly IngestGap[]): void {
    this.#gaps.push(...gaps);
  }

  /** Takes what the next batch tells. */
  take(): IngestGap[] {
    const gaps = this.#gaps;
    this.#gaps = [];
    this.#lastPlace = null;
    return gaps;
  }

  #tell(gap: IngestGap, joins: boolean): void {
    const last = this.#gaps.at(-1);
    if (!last || (!joins && this.#gaps.length < MAX_GAPS)) {
      this.#gaps.push(gap);
      return;
    }
    this.#gaps[this.#gaps.length - 1] = {
      ...gap,
      from_ms: Math.min(last.from_ms, gap.from_ms),
      to_ms: Math.max(last.to_ms, gap.to_ms),
    };
  }
}
