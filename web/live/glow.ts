/** Between two glows of a row. */
const PAUSE_MS = 3_000;
/** New rows a second from which on nothing glows: it would only flicker. */
const MAX_ROWS_PER_SECOND = 5;

/** Decides which rows glow because they are new. Time is milliseconds of any clock. */
export class Glow {
  readonly #glowedAtMs = new Map<string, number>();
  readonly #waiting = new Set<string>();

  /** A row is new, or has fired again; `perSecond` is how many do so now. */
  fired(key: string, perSecond: number, nowMs: number): void {
    const before = this.#glowedAtMs.get(key);
    if (perSecond > MAX_ROWS_PER_SECOND || (before !== undefined && nowMs - before < PAUSE_MS)) return;
    this.#glowedAtMs.set(key, nowMs);
    this.#waiting.add(key);
  }

  /** Whether a row is to glow now; once for each time. */
  take(key: string): boolean {
    return this.#waiting.size > 0 && this.#waiting.delete(key);
  }

  /** What was not drawn meanwhile is not new any more, and what glowed long ago may do so again. */
  painted(nowMs: number): void {
    this.#waiting.clear();
    for (const [key, atMs] of this.#glowedAtMs) {
      if (nowMs - atMs < PAUSE_MS) return;
      this.#glowedAtMs.delete(key);
    }
  }
}
