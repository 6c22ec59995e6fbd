/** The words that producers use, as far as they were seen: what a bare word in a filter's text can mean. */
export interface Vocabulary {
  patternTypes: readonly string[];
  symbols: readonly string[];
  timeframes: readonly string[];
  /** Names of the operator's lists of symbols. */
  universes: readonly string[];
  /** Those of the symbols, `n/a` among them where one has none. */
  sectors: readonly string[];
}

export const NO_VOCABULARY: Vocabulary = { patternTypes: [], symbols: [], timeframes: [], universes: [], sectors: [] };

/** A name as it is compared when it is typed: `Bull_Flag`, `bull flag` and `BullFlag` are one. */
export function fold(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}

/**
 * The known pattern types that a typed name means: the very same name alone, or else every one that is spelt alike, as
 * the server compares exactly. Empty = none is known.
 */
export function knownPatternTypes(name: string, { patternTypes }: Vocabulary): readonly string[] {
  if (patternTypes.includes(name)) return [name];
  const folded = fold(name);
  return folded === '' ? [] : patternTypes.filter(known => fold(known) === folded);
}

const tickerSymbol = /^[\p{L}\p{M}\p{N}.\-^/=:_$+*&#!@~]{1,20}$/u;

/** Whether a symbol, trimmed and upper-cased, is one that an event can carry. */
export function isPossibleSymbol(symbol: string): boolean {
  return tickerSymbol.test(symbol);
}
