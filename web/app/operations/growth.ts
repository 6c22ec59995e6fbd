const WINDOW_MS = 60_000;

interface Counted {
  atMs: number;
  counts: ReadonlyMap<string, number>;
}

/** How fast counts grow, by their key: from the newest and the oldest of the last minute. */
export class Growth {
  #all: Counted[] = [];

  /** What was counted by `atMs`; what is not newer than before tells nothing new. */
  add(atMs: number, counts: ReadonlyMap<string, number>): void {
    const last = this.#all.at(-1);
    if (last && atMs <= last.atMs) return;
    // The last before the window stays, or counts that come seldom would never be compared.
    const from = this.#all.findLastIndex(each => atMs - each.atMs >= WINDOW_MS);
    this.#all = [...this.#all.slice(Math.max(0, from)), { atMs, counts }];
  }

  /** null = not known: there is nothing to compare with, or the count began anew. */
  perMinute(key: string): number | null {
    const to = this.#all.at(-1);
    const from = this.#all[0];
    if (!to || !from || from === to) return null;
    const grown = (to.counts.get(key) ?? 0) - (from.counts.get(key) ?? 0);
    return grown < 0 ? null : (grown * 60_000) / (to.atMs - from.atMs);
  }
}
