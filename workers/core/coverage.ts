import type { GapReason } from '../../shared/codes.ts';
import type { Covers } from '../../shared/ingest-protocol.ts';

export interface CoverageGap {
  fromMs: number;
  toMs: number;
  reason: GapReason;
}

/**
 * What a batch's coverage tells, given up to when all bridges together have covered so far (null: nothing yet).
 * A batch that begins to cover only later shows a time in which nobody listened.
 *
 * @param hasCovered whether this start of a bridge has covered before: then its Redis connection broke, else no bridge was there
 */
export function extendCoverage(
  coveredToMs: number | null,
  covers: Covers,
  hasCovered: boolean,
): { coveredToMs: number; gap: CoverageGap | null } {
  const extended = Math.max(coveredToMs ?? 0, covers.to_ms);
  if (coveredToMs === null || covers.from_ms <= coveredToMs) return { coveredToMs: extended, gap: null };
  const reason = hasCovered ? 'redis_disconnected' : 'bridge_absent';
  return { coveredToMs: extended, gap: { fromMs: coveredToMs, toMs: covers.from_ms, reason } };
}
