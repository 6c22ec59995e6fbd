import type { PatternEvent } from '../../shared/events.ts';

/** A row that shows a pattern: its newest firing, and what came before. Never changed once made. */
export interface PatternEntry {
  readonly type: 'pattern';
  /** Unique in its column, the same for as long as the row is there, safe in ids. */
  readonly key: string;
  /** Names the tape's incarnation in which `event.seq` counts. */
  readonly epoch: string;
  readonly event: PatternEvent;
  /** Firings, this one included. */
  readonly count: number;
  /** Thousandths of confidence against the firing before; 0 for the first. */
  readonly change: number;
  /** When the first firing was detected; epoch milliseconds. */
  readonly firstAtMs: number;
  /** When this firing was detected; epoch milliseconds. */
  readonly detectedAtMs: number;
}

export type NoteName = 'gap' | 'withheld' | 'backfilled' | 'lost' | 'notice' | 'tape_end';

/** A divider between rows. Never changed once made. */
export interface NoteEntry {
  readonly type: 'note';
  readonly key: string;
  /** `notice` tells of a change of view that the page made by itself. */
  readonly note: NoteName;
  readonly words: string;
  /** When it was noted; epoch milliseconds. */
  readonly atMs: number;
}

export type Entry = PatternEntry | NoteEntry;
