import type { PatternEvent } from '../../shared/events.ts';
import type { HiddenBy } from './store.ts';

export interface Marks {
  isStarred(event: PatternEvent): boolean;
  isMuted(event: PatternEvent): boolean;
}

type Test = (event: PatternEvent) => boolean;

/** What a user has said of rows: which are marked, which are not to be seen here, and which are related to what is read. */
export class Hiding {
  marks: Marks = { isStarred: () => false, isMuted: () => false };
  /** Hides by filters that the server does not know. */
  hides: Test | null = null;
  #relates: Test | null = null;
  #onlyRelated = false;

  /** null = nothing is being read that others could be related to. */
  get relates(): Test | null {
    return this.#relates;
  }

  /** @returns whether other rows are hidden from now on */
  setRelated(relates: Test | null, onlyThese: boolean): boolean {
    const wasOnly = this.#onlyRelated;
    this.#relates = relates;
    this.#onlyRelated = onlyThese && relates !== null;
    return wasOnly || this.#onlyRelated;
  }

  /**
   * What hides an event, the first that does; '' = nothing.
   * @param readId of the event that is being read: related or not, it stays
   */
  hider(readId: string | null): (event: PatternEvent) => HiddenBy {
    return event => {
      if (this.marks.isMuted(event)) return 'muted';
      if (this.hides?.(event)) return 'local';
      return this.#onlyRelated && event.id !== readId && !this.#relates!(event) ? 'unrelated' : '';
    };
  }
}
