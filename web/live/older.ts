import type { PatternEvent } from '../../shared/events.ts';
import type { NoteEntry } from './entry.ts';
import { FRUITLESS_WORDS, fullWords, LOADING_OLDER_WORDS, olderFailedWords, TAPE_END_WORDS } from './note-words.ts';
import type { Rows } from './rows.ts';

/** Pages without anything that is wanted after which somebody must scroll before more are asked for. */
const MAX_FRUITLESS = 5;

export interface OlderPage {
  events: PatternEvent[];
  /** null = there is nothing older. */
  nextBeforeSeq: number | null;
}

export interface OlderParts {
  rows: Rows;
  load(query: { beforeSeq: number }): Promise<OlderPage>;
  wants(event: PatternEvent): boolean;
  /** The tape's incarnation that the server has now. */
  epoch(): string | null;
  now(): number;
  onChange(): void;
}

/** `tired`: page after page had nothing that is wanted. */
type State = 'idle' | 'loading' | 'failed' | 'tired' | 'end';

/** Fetches what lies below the oldest row kept, while there is room, and says at the column's end how it stands. */
export class Older {
  readonly #parts: OlderParts;
  #state: State = 'idle';
  #beforeSeq = Number.POSITIVE_INFINITY;
  #fruitless = 0;
  /** Rises when what is on its way is not wanted any more. */
  #starts = 0;

  constructor(parts: OlderParts) {
    this.#parts = parts;
  }

  get isLoading(): boolean {
    return this.#state === 'loading';
  }

  get isAtEnd(): boolean {
    return this.#state === 'end';
  }

  /** The end of the column can be seen. */
  reached(): void {
    if (this.#state === 'idle' && !this.#parts.rows.isFull) void this.#load();
  }

  /** Somebody scrolls: what was given up is tried again. */
  scrolled(): void {
    this.#fruitless = 0;
    if (this.#state === 'failed' || this.#state === 'tired') this.#enter('idle');
  }

  /** The rows are others than before. */
  restart(): void {
    this.#starts++;
    this.#beforeSeq = Number.POSITIVE_INFINITY;
    this.#fruitless = 0;
    this.#enter('idle');
  }

  /** Says that there is no room, once there is none; called when events have come in. */
  refreshTail(): void {
    const { rows } = this.#parts;
    if (!rows.isFull) return;
    if (this.#state !== 'loading') this.#state = 'idle';
    this.#setTail('full', 'tape_end', () => fullWords(rows.held));
  }

  async #load(): Promise<void> {
    const { rows, epoch: currentEpoch, load, wants } = this.#parts;
    const oldest = rows.oldest;
    if (!oldest) return;
    // Of a tape that is gone nothing more can be had.
    if (oldest.epoch !== currentEpoch()) return this.#enter('end');
    const start = this.#starts;
    const beforeSeq = Math.min(oldest.seq, this.#beforeSeq);
    this.#enter('loading');
    try {
      const { events, nextBeforeSeq } = await load({ beforeSeq });
      if (start !== this.#starts) return;
      const wanted = events.filter(wants);
      for (const event of wanted) rows.add(oldest.epoch, event, { isNews: false });
      this.#fruitless = wanted.length > 0 ? 0 : this.#fruitless + 1;
      this.#beforeSeq = nextBeforeSeq ?? 0;
      if (nextBeforeSeq === null) this.#enter('end');
      else this.#enter(this.#fruitless < MAX_FRUITLESS ? 'idle' : 'tired');
    } catch (cause) {
      if (start !== this.#starts) return;
      this.#enter('failed', cause instanceof Error ? cause.message : String(cause));
    }
  }

  #enter(state: State, cause = ''): void {
    this.#state = state;
    if (this.#parts.rows.isFull) this.refreshTail();
    else if (state === 'end') this.#setTail('end', 'tape_end', () => TAPE_END_WORDS);
    else if (state === 'loading') this.#setTail('loading', 'notice', () => LOADING_OLDER_WORDS);
    else if (state === 'tired') this.#setTail('tired', 'notice', () => FRUITLESS_WORDS);
    else if (state === 'failed') this.#setTail('failed', 'notice', () => olderFailedWords(cause));
    else this.#parts.rows.setTail(null);
    this.#parts.onChange();
  }

  /** Words of the same name are the same until the rows begin anew. */
  #setTail(name: string, note: NoteEntry['note'], words: () => string): void {
    const { rows, now } = this.#parts;
    const key = `tail-${name}`;
    if (rows.tail?.key === key) return;
    rows.setTail({ type: 'note', key, note, words: words(), atMs: now() });
  }
}
