import { thousandths } from '../../../shared/filter.ts';
import type { FilterPair } from './grammar.ts';
import { keyNamed, sessionWord } from './keys.ts';
import { groupTimeframes, timeframeSpellings } from './timeframes.ts';
import { quote, writeValue } from './tokens.ts';
import { universeIn } from './universe-marks.ts';
import { knownPatternTypes, type Vocabulary } from './vocabulary.ts';

/** More symbols than this are written as one list rather than as words. */
const MAX_WORDS = 12;

/**
 * Writes what `parse` reads as the same filters, given the same vocabulary. Without one it is what every vocabulary
 * reads the same, if less pretty: for links.
 */
export function print({ filter, local }: FilterPair, vocabulary?: Vocabulary): string {
  const words: string[] = [
    ...symbolWords(
      '',
      filter.symbols?.filter(symbol => universeIn(symbol) === null),
      vocabulary,
    ),
    ...listWords('in', filter.symbols?.map(universeIn).filter(name => name !== null) ?? []),
    ...symbolWords('!', filter.exclude_symbols, vocabulary),
    ...patternWords('', filter.pattern_types, vocabulary),
    ...patternWords('!', filter.exclude_pattern_types, vocabulary),
    ...timeframeWords(filter.timeframes),
    ...listWords(
      'session',
      (filter.market_sessions ?? []).map(session => sessionWord(session) ?? exact(session)),
    ),
    ...listWords('dir', local.directions),
    ...listWords('sector', local.sectors.map(writeValue)),
  ];
  if (filter.confidence_min) words.push(confidenceWord(filter.confidence_min));
  if (filter.priority_min) words.push(`prio:${filter.priority_min}`);
  if (local.maxAgeMs !== null) words.push(`age<${printDuration(local.maxAgeMs)}`);
  if (local.starredOnly) words.push('is:starred');
  if (local.text !== '') words.push(quote(local.text));
  return words.join(' ');
}

/** A confidence as it is typed: `conf>=70`, or `conf>70` for the least above it. */
export function confidenceWord(confidenceMin: number): string {
  const least = thousandths(confidenceMin);
  const [sign, shown] = least % 10 === 1 ? ['>', least - 1] : ['>=', least];
  // Up to one, a number with a point would be read as a fraction.
  return `conf${sign}${shown / 10}${shown <= 10 && shown % 10 !== 0 ? '%' : ''}`;
}

/** A time of whole seconds in its greatest unit: `90s`, `10m`, `2h`. */
export function printDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const) {
    if (seconds % length === 0) return `${seconds / length}${unit}`;
  }
  return `${seconds}s`;
}

function symbolWords(sign: '' | '!', symbols: readonly string[] = [], vocabulary?: Vocabulary): string[] {
  if (!vocabulary || symbols.length > MAX_WORDS) return listWords(`${sign}sym`, symbols.map(writeValue));
  const isWord = (symbol: string) => isPlainWord(symbol) && isReadAsSymbol(symbol, vocabulary);
  return [
    ...symbols.filter(isWord).map(symbol => sign + symbol),
    ...listWords(`${sign}sym`, symbols.filter(symbol => !isWord(symbol)).map(writeValue)),
  ];
}

function patternWords(sign: '' | '!', patterns: readonly string[] = [], vocabulary?: Vocabulary): string[] {
  if (!vocabulary) return listWords(`${sign}pat`, patterns.map(exact));
  const isWord = (pattern: string) => isPlainWord(pattern) && vocabulary.patternTypes.includes(pattern);
  const write = (pattern: string) =>
    knownPatternTypes(pattern, vocabulary).every(known => known === pattern) ? writeValue(pattern) : exact(pattern);
  return [
    ...patterns.filter(isWord).map(pattern => sign + pattern),
    ...listWords(`${sign}pat`, patterns.filter(pattern => !isWord(pattern)).map(write)),
  ];
}

function timeframeWords(timeframes: readonly string[] = []): string[] {
  const values = groupTimeframes(timeframes).map(({ label, isExact }) =>
    isExact && timeframeSpellings(label) ? exact(label) : writeValue(label),
  );
  return listWords('tf', values);
}

function listWords(key: string, values: readonly string[]): string[] {
  return values.length > 0 ? [`${key}:${values.join(',')}`] : [];
}

/** A word that nothing in it could be taken for anything else. */
function isPlainWord(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}._-]*$/u.test(text) && keyNamed(text) === null;
}

function isReadAsSymbol(symbol: string, vocabulary: Vocabulary): boolean {
  return knownPatternTypes(symbol, vocabulary).length === 0;
}

function exact(value: string): string {
  return `=${writeValue(value)}`;
}
