/** The longest a flush waits, however many sessions there are. */
export const MAX_WINDOW_MS = 100;
/** What one more session adds to the window: about what sending it a frame costs. */
export const WINDOW_MS_PER_SESSION = 0.02;

/**
 * When pending events are flushed. The window follows the load: a hub with few sessions flushes at once, one with many
 * gathers what arrives within `WINDOW_MS_PER_SESSION` of each, so that it spends its time on fewer, fuller frames.
 * Holds the arithmetic only; the hub owns clock and timer.
 */
export class FlushWindow {
  #endedAtMs = Number.NEGATIVE_INFINITY;
  #tookMs = 0;

  /**
   * When to flush what is pending; a time that is past means now. CRITICAL events do not wait for the window, but the
   * next flush starts no sooner than the last one took, so that a stream of them cannot keep the hub from all else.
   */
  dueAtMs(pending: { sessions: number; critical: boolean }): number {
    const windowMs = Math.min(MAX_WINDOW_MS, WINDOW_MS_PER_SESSION * pending.sessions);
    return this.#endedAtMs + (pending.critical ? Math.min(this.#tookMs, windowMs) : windowMs);
  }

  /** Notes a flush that was made. */
  flushed(startedAtMs: number, endedAtMs: number): void {
    this.#endedAtMs = endedAtMs;
    this.#tookMs = endedAtMs - startedAtMs;
  }
}
