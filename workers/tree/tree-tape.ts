import type { TapeRow } from '../hub/tape.ts';
import type { ForwardRange, ForwardRows, NewestFound, NewestQuery, TapeReader } from '../hub/tape-reader.ts';
import type { TopicHub } from '../hub/topic-hub.ts';

/** The topic's tape, as a replica reads it: from the root, which keeps it. */
export class TreeTape implements TapeReader {
  epoch: string;
  oldest: number;
  lastEventAtMs: number | null = null;
  readonly #root: () => DurableObjectStub<TopicHub>;

  constructor(root: () => DurableObjectStub<TopicHub>, known: { epoch: string; oldest: number }) {
    this.#root = root;
    this.epoch = known.epoch;
    this.oldest = known.oldest;
  }

  async readForward(range: ForwardRange): Promise<ForwardRows> {
    // RPC's own types do not see that rows are plain.
    const read = await (this.#root().readForward(range) as unknown as Promise<ForwardRows>);
    this.oldest = Math.max(this.oldest, read.oldest);
    return read;
  }

  findNewest(query: NewestQuery): Promise<NewestFound> {
    return this.#root().findNewest(query);
  }

  readSeqs(seqs: readonly number[], maxBytes: number): Promise<TapeRow[]> {
    return this.#root().readSeqs(seqs, maxBytes) as unknown as Promise<TapeRow[]>;
  }
}
