import type { MarketSession } from './events.ts';
import { type Filter, thousandths } from './filter.ts';
import { type Priority, priorityRank } from './priority.ts';

/** The fields of an event that a filter can ask about; a kind of event that lacks one has it absent or null. */
export interface Matchable {
  kind: string;
  pattern_type?: string | null;
  symbol?: string | null;
  timeframe?: string | null;
  market_session?: MarketSession | null;
  confidence?: number | null;
  priority?: Priority | null;
}

/**
 * Whether an event passes a filter (as `normaliseFilter` returns it): the one definition of matching. Indexes and
 * queries may be faster, never different.
 *
 * An event that lacks a field passes only filters that do not ask for it: a wanted symbol, a least confidence.
 */
export function matches(filter: Filter, event: Matchable): boolean {
  return (
    wants(filter.kinds, event.kind) &&
    wants(filter.pattern_types, event.pattern_type) &&
    wants(filter.symbols, event.symbol) &&
    wants(filter.timeframes, event.timeframe) &&
    wants(filter.market_sessions, event.market_session) &&
    reaches(filter.confidence_min, event.confidence) &&
    reachesPriority(filter.priority_min, event.priority) &&
    !names(filter.exclude_symbols, event.symbol) &&
    !names(filter.exclude_pattern_types, event.pattern_type)
  );
}

function wants(list: readonly string[] | undefined, value: string | null | undefined): boolean {
  return !list?.length || names(list, value);
}

function names(list: readonly string[] | undefined, value: string | null | undefined): boolean {
  return value != null && (list?.includes(value) ?? false);
}

function reaches(least: number | undefined, confidence: number | null | undefined): boolean {
  return !least || (confidence != null && thousandths(confidence) >= thousandths(least));
}

function reachesPriority(least: Priority | undefined, priority: Priority | null | undefined): boolean {
  return !least || least === 'low' || (priority != null && priorityRank(priority) >= priorityRank(least));
}
