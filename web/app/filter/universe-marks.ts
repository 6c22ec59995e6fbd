import type { Filter } from '../../../shared/filter.ts';

/**
 * In a filter's list of symbols a universe stands as this before its name. No symbol has a space, so that none is taken
 * for one; and a server that were told it would find nothing by it, never more than was asked for.
 */
const MARK = 'IN ';

/** How `tech` stands in a list of symbols: `IN TECH`. */
export function universeMark(name: string): string {
  return MARK + name.toUpperCase();
}

/** The name of the universe that an entry of a list of symbols is; null: it is a symbol. */
export function universeIn(symbol: string): string | null {
  return symbol.startsWith(MARK) ? symbol.slice(MARK.length).toLowerCase() : null;
}

/** An entry of a list of symbols, in words: `NVDA`, `in tech`. */
export function symbolWords(symbol: string): string {
  const universe = universeIn(symbol);
  return universe === null ? symbol : `in ${universe}`;
}

export function hasUniverse({ symbols }: Filter): boolean {
  return symbols?.some(symbol => universeIn(symbol) !== null) ?? false;
}

/** The filter with the symbols of its universes in their place. One that is not known stays, and matches nothing. */
export function expandUniverses(filter: Filter, universes: ReadonlyMap<string, readonly string[]>): Filter {
  if (!hasUniverse(filter)) return filter;
  const symbols = filter.symbols!.flatMap(symbol => universes.get(universeIn(symbol) ?? '') ?? [symbol]);
  return { ...filter, symbols: [...new Set(symbols)] };
}

/** What REST is asked: it expands universes itself. */
export function withUniverses<Q extends { symbols?: readonly string[] | undefined }>(
  query: Q,
): Q & { universes?: readonly string[] } {
  const { symbols } = query;
  if (!symbols) return query;
  const universes = symbols.map(universeIn).filter(name => name !== null);
  return universes.length === 0
    ? query
    : { ...query, symbols: symbols.filter(symbol => universeIn(symbol) === null), universes };
}
