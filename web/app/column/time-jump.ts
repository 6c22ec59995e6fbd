import type { Entry, PatternEntry } from '../../live/entry.ts';

/**
 * The key of the row to go to when someone leaps in time: the first that was detected at least `byMs` before the cursor's
 * row (after, when positive), or the last one on that side; from no cursor, off the newest. null when there is none.
 */
export function timeJump(entries: readonly Entry[], cursor: PatternEntry | null, byMs: number): string | null {
  const rows = entries.filter(entry => entry.type === 'pattern').toSorted((a, b) => a.detectedAtMs - b.detectedAtMs);
  const from = cursor ?? rows.at(-1);
  if (!from) return null;
  const toMs = from.detectedAtMs + byMs;
  const target = byMs > 0 ? rows.find(row => row.detectedAtMs >= toMs) : rows.findLast(row => row.detectedAtMs <= toMs);
  return (target ?? (byMs > 0 ? rows.at(-1) : rows[0]))!.key;
}
