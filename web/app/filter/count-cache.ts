import type { Filter } from '../../../shared/filter.ts';
import type { Tier } from '../../../shared/topics.ts';
import type { Count } from '../api.ts';
import { canonicalFilter } from '../state/filters.ts';

/** How long a count is taken as it is. */
export const FRESH_MS = 15_000;
/** A count that is over this is not worth keeping; the oldest goes. */
const MAX_KEPT = 300;

/** Asks the server; aborted when nobody waits any more. */
export type AskCount = (tier: Tier, filter: Filter, minutes: number, signal: AbortSignal) => Promise<Count>;

interface Kept {
  count: Promise<Count>;
  askedAtMs: number;
  /** Callers that wait for it; aborted when the last of them gives up. */
  waiting: number;
  abort: AbortController;
  isSettled: boolean;
}

/** Counts by tier, filter and minutes: each asked once at a time, kept for 15 s, aborted when nobody waits for it. */
export class CountCache {
  readonly #ask: AskCount;
  readonly #kept = new Map<string, Kept>();

  constructor(ask: AskCount) {
    this.#ask = ask;
  }

  /**
   * @param signal gives up waiting
   * @throws what the server's answer threw, or the signal's reason
   */
  async get(
    { tier, filter, minutes }: { tier: Tier; filter: Filter; minutes: number },
    nowMs: number,
    signal: AbortSignal,
  ): Promise<Count> {
    signal.throwIfAborted();
    const canonical = canonicalFilter(filter);
    const key = JSON.stringify([tier, minutes, canonical]);
    const kept = this.#fresh(key, nowMs) ?? this.#start(key, { tier, filter: canonical, minutes }, nowMs);
    kept.waiting++;
    const leave = () => {
      if (--kept.waiting > 0 || kept.isSettled) return;
      this.#kept.delete(key);
      kept.abort.abort();
    };
    return await new Promise<Count>((resolve, reject) => {
      const giveUp = () => {
        leave();
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      kept.count.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
    });
  }

  #fresh(key: string, nowMs: number): Kept | null {
    const kept = this.#kept.get(key);
    return kept && nowMs - kept.askedAtMs < FRESH_MS ? kept : null;
  }

  #start(key: string, query: { tier: Tier; filter: Filter; minutes: number }, nowMs: number): Kept {
    const abort = new AbortController();
    const count = this.#ask(query.tier, query.filter, query.minutes, abort.signal);
    const kept: Kept = { count, askedAtMs: nowMs, waiting: 0, abort, isSettled: false };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    count.then(
      () => {
        kept.isSettled = true;
      },
      () => {
        // What failed is asked again by the next who wants it.
        if (this.#kept.get(key) === kept) this.#kept.delete(key);
      },
    );
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return kept;
  }
}
