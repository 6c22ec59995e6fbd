import type { Filter } from '../../shared/filter.ts';
import type { TapeRow } from './tape.ts';

/** A stretch of the tape, `after` excluded and `upTo` included; rows end with the first that makes `maxBytes` full. */
export interface ForwardRange {
  after: number;
  upTo: number;
  limit: number;
  maxBytes: number;
}

export interface ForwardRows {
  /** Oldest first, gaps among them. */
  rows: TapeRow[];
  /** Up to where all have been read. */
  readTo: number;
  /** The least seq that was kept when they were read. */
  oldest: number;
}

export interface NewestQuery {
  filter: Filter;
  upTo: number;
  after: number;
  limit: number;
  maxRows: number;
  /** Those sent to everybody too. */
  broadcast: boolean;
}

export interface NewestFound {
  /** Newest first. */
  seqs: number[];
  /** The least seq that was looked at: below it may be more. */
  scannedTo: number;
}

/** What sessions are served from: the topic's tape, in this object or in another. */
export interface TapeReader {
  readonly epoch: string;
  /** The least seq kept, as far as is known here. */
  readonly oldest: number;
  /** When the newest event came in; null while there is none. */
  readonly lastEventAtMs: number | null;
  readForward(range: ForwardRange): ForwardRows | Promise<ForwardRows>;
  findNewest(query: NewestQuery): NewestFound | Promise<NewestFound>;
  /** The rows with these seqs, oldest first, as far as they are still there; no more once they have `maxBytes`. */
  readSeqs(seqs: readonly number[], maxBytes: number): TapeRow[] | Promise<TapeRow[]>;
}
