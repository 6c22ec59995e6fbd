import type { PatternEvent } from '../../shared/events.ts';
import type { Tier } from '../../shared/topics.ts';

/** The letter of a tier's badge. */
export const TIER_LETTERS: Record<Tier, string> = { daily: 'D', intraday: 'I', combo: 'C' };

/**
 * Whether `candidate` belongs to what was selected: a combo and what it was built on, by the ids it names; where it names
 * none, the same symbol within the session.
 */
export function relates(_selected: PatternEvent, _candidate: PatternEvent): boolean {
  return false;
}
