import { normaliseSymbol } from '../../../shared/filter.ts';
import { isPossibleSymbol } from './vocabulary.ts';

/** What a pasted list holds. */
export interface PastedSymbols {
  /** Upper-cased, each once, in the order they came. */
  symbols: string[];
  /** Those that came more than once, in the list or against `known`. */
  duplicates: string[];
  /** What is no symbol, as it came. */
  impossible: string[];
}

/**
 * Reads symbols out of a list from a spreadsheet, a mail or another program: whatever parts them, with or without quotes,
 * `$` before and an exchange's name before them (`NASDAQ:AAPL`).
 *
 * @param known symbols that are there already
 */
export function readPastedSymbols(text: string, known: readonly string[] = []): PastedSymbols {
  const symbols = new Set<string>();
  const duplicates = new Set<string>();
  const impossible = new Set<string>();
  for (const word of text.split(/[\s,;|"'`“”‘’()[\]{}<>]+/u)) {
    const symbol = normaliseSymbol(word.replace(/^\$(?=.)/, '').replace(/^[A-Za-z]{2,10}:(?=.)/, ''));
    if (symbol === '') continue;
    if (!isPossibleSymbol(symbol)) impossible.add(word);
    else if (symbols.has(symbol) || known.includes(symbol)) duplicates.add(symbol);
    else symbols.add(symbol);
  }
  return { symbols: [...symbols], duplicates: [...duplicates], impossible: [...impossible] };
}
