/** What a client asks for. A list that is missing lets everything through. */
export interface Filter {
  symbols?: readonly string[] | undefined;
  pattern_types?: readonly string[] | undefined;
  confidence_min?: number | undefined;
}

/** A pattern as the producer publishes it. */
export interface Pattern {
  symbol: string;
  pattern: string;
  confidence: number;
}

/** Filtering as applications write it that have to do it themselves. */
export function wants({ symbols, pattern_types, confidence_min }: Filter, event: Pattern): boolean {
  return (
    (symbols === undefined || symbols.includes(event.symbol)) &&
    (pattern_types === undefined || pattern_types.includes(event.pattern)) &&
    (confidence_min === undefined || event.confidence >= confidence_min)
  );
}
