import type { Filter } from '../../shared/filter.ts';
import { TIERS, type Tier, type Topic } from '../../shared/topics.ts';
import { type FilterBuilder, filter } from './filter-builder.ts';

/** What one subscription asks for. */
export interface Selection<T extends Topic = Topic> {
  topic: T;
  filter: Filter;
}

/** What narrows a preset. */
export interface Narrowing {
  /** Only these symbols; absent or empty: all. */
  symbols?: readonly string[];
  /** Only these pattern types, exactly as the producer writes them; absent or empty: all. */
  patterns?: readonly string[];
}

/**
 * The day's picture, for who decides once a day: the daily tier from 0.7, above what REST shows by default (0.6), as
 * nobody looks through all of it.
 */
export function daily(narrowing: Narrowing = {}): Selection<'daily'>[] {
  return onEach(['daily'], filter().confidence(0.7), narrowing);
}

/** What the producer is sure of, on any tier: from 0.8, where priority `high` and the tag `high_confidence` begin. */
export function highConfidence(narrowing: Narrowing = {}): Selection<Tier>[] {
  return onEach(TIERS, filter().confidence(0.8), narrowing);
}

/**
 * Everything worth knowing of some symbols, on every tier: from 0.6, where priority `low` ends. A watch list is short,
 * so that it can ask for more than others; an empty one asks for nothing.
 */
export function symbols(symbols: readonly string[], { patterns }: Pick<Narrowing, 'patterns'> = {}): Selection<Tier>[] {
  if (symbols.length === 0) return [];
  return onEach(TIERS, filter().confidence(0.6), { symbols, ...(patterns && { patterns }) });
}

/**
 * For who acts within seconds: the intraday tier in regular trading hours, as thin markets before and after give signals
 * that cannot be traded on. Priority `high`, so from 0.8, or below by an operator's rule, but never under 0.75.
 */
export function scalping(narrowing: Narrowing = {}): Selection<'intraday'>[] {
  return onEach(['intraday'], filter().confidence(0.75).priority('high').sessions('regular'), narrowing);
}

/**
 * For positions held for days: the daily tier, and combos, in which a daily pattern is confirmed within the day, from 0.7 at
 * any hour, as moves after the close are part of a swing. What is only intraday is noise to it.
 */
export function swing(narrowing: Narrowing = {}): Selection<'daily' | 'combo'>[] {
  return onEach(['daily', 'combo'], filter().confidence(0.7), narrowing);
}

/**
 * For who must not be surprised: on every tier, at any hour, what has priority `high`, already from a confidence of 0.6
 * where a combo's correlation or an operator's rule has raised it; and the producer's critical alerts, as a position is
 * not watched on data that has stopped.
 */
export function risk(narrowing: Narrowing = {}): Selection[] {
  return [
    ...onEach(TIERS, filter().confidence(0.6).priority('high'), narrowing),
    { topic: 'system', filter: filter().kinds('critical_alert').toJSON() },
  ];
}

function onEach<T extends Tier>(
  tiers: readonly T[],
  base: FilterBuilder,
  { symbols = [], patterns = [] }: Narrowing,
): Selection<T>[] {
  const narrowed = base.symbols(...symbols).patterns(...patterns);
  return tiers.map(topic => ({ topic, filter: narrowed.toJSON() }));
}
