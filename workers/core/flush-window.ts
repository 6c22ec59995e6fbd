/** The longest a flush waits, however many frames the last one had. */
export const MAX_WINDOW_MS = 100;
/** What one more frame adds to the window: some half of what sending it costs, most of which comes after the flush. */
export const WINDOW_MS_PER_FRAME = 0.02;

/**
 * When pending events are flushed. The window follows the load: after a flush of few frames the next may follow at once,
 * after one of many what arrives while they are sent is gathered, so that a hub spends its time on fewer, fuller frames.
 * Holds the arithmetic only; the hub owns clock and timer.
 */
export class FlushWindow {
  #endedAtMs = Number.NEGATIVE_INFINITY;
  #tookMs = 0;
  #frames = 0;

  /**
   * When to flush what is pending; a time that is past means now. CRITICAL events do not wait for the window, but the
   * next flush starts no sooner than the last one took, so that a stream of them cannot keep the hub from all else.
   * @param pending.framesBelow what the last flush may have cost another object that is handed the same
   */
  dueAtMs(pending: { framesBelow: number; critical: boolean }): number {
    const frames = Math.max(this.#frames, pending.framesBelow);
    const windowMs = Math.min(MAX_WINDOW_MS, WINDOW_MS_PER_FRAME * frames);
    return this.#endedAtMs + (pending.critical ? Math.min(this.#tookMs, windowMs) : windowMs);
  }

  /** Notes a flush that was made, and how many frames it sent. */
  flushed(startedAtMs: number, endedAtMs: number, frames: number): void {
    this.#endedAtMs = endedAtMs;
    this.#tookMs = endedAtMs - startedAtMs;
    this.#frames = frames;
  }
}
