/** A session that has given no sign of life for so long is taken for dead. */
export const SILENT_AFTER_MS = 10 * 60_000;
/** No two looks at the sessions are closer together. */
const LEAST_PAUSE_MS = 60_000;

/** Whether a session is to be closed that was heard last, by a message or a ping, at `heardAtMs`. */
export function isSilent(heardAtMs: number, nowMs: number): boolean {
  return nowMs - heardAtMs >= SILENT_AFTER_MS;
}

/**
 * When to look at the sessions next: when the first of them can be silent, but not soon again.
 * @param heardAtMs when each was heard last
 * @returns null when there are none
 */
export function nextLookAtMs(heardAtMs: readonly number[], nowMs: number): number | null {
  if (heardAtMs.length === 0) return null;
  const oldestMs = heardAtMs.reduce((least, atMs) => Math.min(least, atMs));
  return Math.max(oldestMs + SILENT_AFTER_MS, nowMs + LEAST_PAUSE_MS);
}
