import type { PatternEvent } from '../../../shared/events.ts';
import { localClausesOf } from '../filter/clauses.ts';
import { hidesOf, type LocalFacts } from '../filter/local.ts';
import { type LocalFilter, NO_LOCAL_FILTER } from '../state/filters.ts';

/**
 * What hides an event on this page, part by part, in words; empty = nothing does.
 *
 * @param marks.nowMs on the clock of the events
 */
export function hiddenHereBy(
  event: PatternEvent,
  local: LocalFilter,
  marks: LocalFacts & { isMuted(event: PatternEvent): boolean },
): string[] {
  const parts = localClausesOf(local)
    .filter(({ id }) => hidesOf({ ...NO_LOCAL_FILTER, [id]: local[id] }, marks)?.(event))
    .map(({ words }) => `only ${words} is shown`);
  return marks.isMuted(event) ? [...parts, `${event.symbol} is muted`] : parts;
}
