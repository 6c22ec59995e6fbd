import type { EventKind, MarketSession } from '../../shared/events.ts';
import type { Filter } from '../../shared/filter.ts';
import type { Priority } from '../../shared/priority.ts';
import { checkFilter } from './check-filter.ts';

/** Values that are not wanted. */
export interface Exclusions {
  symbols?: readonly string[];
  patterns?: readonly string[];
}

/**
 * Builds a filter step by step. Each step gives another builder and leaves this one as it is, so that one can be the
 * beginning of many. Values of one list are OR'ed, lists and thresholds AND'ed, exclusions taken away at the end; what
 * is not asked for is not filtered by.
 *
 *     filter().symbols('NVDA', 'AAPL').confidence(0.8).exclude({ patterns: ['Doji'] })
 *
 * Each step throws a `BadFilterError` when a tier's hub would refuse the filter.
 */
export class FilterBuilder {
  readonly #filter: Filter;

  constructor(filter: Filter) {
    checkFilter('daily', filter);
    this.#filter = copyOf(filter);
  }

  /** These symbols too, in any case. */
  symbols(...symbols: string[]): FilterBuilder {
    return this.#adding('symbols', symbols);
  }

  /** These pattern types too, exactly as the producer writes them. */
  patterns(...types: string[]): FilterBuilder {
    return this.#adding('pattern_types', types);
  }

  /** These timeframes too, exactly as the producer writes them. */
  timeframes(...timeframes: string[]): FilterBuilder {
    return this.#adding('timeframes', timeframes);
  }

  /** These market sessions too. */
  sessions(...sessions: MarketSession[]): FilterBuilder {
    return this.#adding('market_sessions', sessions);
  }

  /** These kinds too, instead of the default: patterns on a tier, everything on `system`. */
  kinds(...kinds: EventKind[]): FilterBuilder {
    return this.#adding('kinds', kinds);
  }

  /** Every kind. */
  everyKind(): FilterBuilder {
    return this.#with({ kinds: [] });
  }

  /** A confidence of at least this, 0..1, compared at three decimals. */
  confidence(least: number): FilterBuilder {
    return this.#with({ confidence_min: least });
  }

  /** This priority and above. */
  priority(least: Priority): FilterBuilder {
    return this.#with({ priority_min: least });
  }

  /** None of these, besides those excluded before. */
  exclude({ symbols = [], patterns = [] }: Exclusions): FilterBuilder {
    return this.#adding('exclude_symbols', symbols).#adding('exclude_pattern_types', patterns);
  }

  /** The filter as it goes over the wire, for `JSON.stringify` and to be kept. */
  toJSON(): Filter {
    return copyOf(this.#filter);
  }

  #adding(list: ListName, values: readonly string[]): FilterBuilder {
    return values.length === 0 ? this : this.#with({ [list]: [...(this.#filter[list] ?? []), ...values] });
  }

  #with(changes: Filter): FilterBuilder {
    return new FilterBuilder({ ...this.#filter, ...changes });
  }
}

/** Begins a filter: from nothing, which lets everything through, or from another. */
export function filter(from: Filter | FilterBuilder = {}): FilterBuilder {
  return from instanceof FilterBuilder ? from : new FilterBuilder(from);
}

type ListName = { [Name in keyof Filter]-?: string[] extends Filter[Name] ? Name : never }[keyof Filter];

function copyOf(filter: Filter): Filter {
  return JSON.parse(JSON.stringify(filter)) as Filter;
}
