import { patternName } from '../../live/pattern-names.ts';
import { KEYS, type Key, keyNamed, SESSIONS } from './keys.ts';
import { timeframeLabel } from './timeframes.ts';
import { tokenise, writeValue } from './tokens.ts';
import { fold, type Vocabulary } from './vocabulary.ts';

/** What a word could become. */
export interface Completion {
  /** What takes the word's place. */
  text: string;
  /** What it is, for people. */
  kind: string;
  /** Whether a value is still to come right after it. */
  isOpen: boolean;
}

export interface Completions {
  /** The part of the text that a completion replaces, in UTF-16 units. */
  from: number;
  to: number;
  options: Completion[];
}

const MAX_OPTIONS = 11;

/** What the word before the caret could become; between words, what one can begin with. */
export function complete(text: string, caret: number, vocabulary: Vocabulary): Completions {
  const token = tokenise(text.slice(0, caret)).at(-1);
  const isInWord = token !== undefined && token.at + token.text.length === caret;
  if (!isInWord) return { from: caret, to: caret, options: keysOf('') };
  const end = caret + (/^[^\s"]*/.exec(text.slice(caret))?.[0].length ?? 0);
  const sign = token.text.startsWith('!') ? '!' : '';
  const word = token.text.slice(sign.length);
  const parts = /^([a-z]+)([:<>=]=?)(.*)$/is.exec(word);
  const key = parts && keyNamed(parts[1]!);
  if (key) {
    const before = parts[3]!.slice(0, parts[3]!.lastIndexOf(',') + 1);
    const typed = parts[3]!.slice(before.length);
    return {
      from: caret - typed.length,
      to: end,
      options: valuesOf(key, typed.replace(/^=?"?/, ''), vocabulary).map(([value, kind]) => ({
        text: writeValue(value),
        kind,
        isOpen: false,
      })),
    };
  }
  const from = token.at + sign.length;
  const options = [...patterns(word, vocabulary), ...symbols(word, vocabulary)].map(([value, kind]) => ({
    text: kind === 'symbol' ? value : /^[\p{L}_][\p{L}\p{N}._-]*$/u.test(value) ? value : `pat:${writeValue(value)}`,
    kind,
    isOpen: false,
  }));
  const keys = sign === '' ? keysOf(word) : [];
  return { from, to: end, options: [...keys, ...options].slice(0, MAX_OPTIONS) };
}

/** The text with one of its completions taken, and where the caret is then. */
export function take(
  text: string,
  { from, to }: Pick<Completions, 'from' | 'to'>,
  { text: added, isOpen }: Completion,
): { text: string; caret: number } {
  const rest = text.slice(to);
  const space = isOpen || rest.startsWith(' ') ? '' : ' ';
  const caret = from + added.length + (isOpen ? 0 : 1);
  return { text: text.slice(0, from) + added + space + rest, caret };
}

function keysOf(word: string): Completion[] {
  const typed = word.toLowerCase();
  return (Object.keys(KEYS) as Key[])
    .filter(key => key.startsWith(typed))
    .map(key => ({
      text: { conf: 'conf>=', age: 'age<', is: 'is:starred' }[key as string] ?? `${key}:`,
      kind: KEYS[key].means,
      isOpen: key !== 'is',
    }));
}

function valuesOf(key: Key, typed: string, vocabulary: Vocabulary): (readonly [value: string, kind: string])[] {
  const starting = (values: readonly string[], kind: string) =>
    values.filter(value => value.startsWith(typed.toLowerCase())).map(value => [value, kind] as const);
  switch (key) {
    case 'sym':
      return symbols(typed, vocabulary).slice(0, MAX_OPTIONS);
    case 'in':
      return starting(vocabulary.universes, 'universe').slice(0, MAX_OPTIONS);
    case 'pat':
      return patterns(typed, vocabulary).slice(0, MAX_OPTIONS);
    case 'tf':
      return timeframes(typed, vocabulary).slice(0, MAX_OPTIONS);
    case 'session':
      return starting(
        Object.values(SESSIONS).map(({ word }) => word),
        'session',
      );
    case 'dir':
      return starting(['up', 'down', 'other'], 'direction');
    case 'sector':
      return sectors(typed, vocabulary).slice(0, MAX_OPTIONS);
    case 'prio':
      return starting(['critical', 'high', 'medium', 'low'], 'least priority');
    case 'is':
      return starting(['starred'], 'mark');
    case 'conf':
      return starting(['60', '70', '80', '90'], 'percent');
    case 'age':
      return starting(['1m', '5m', '15m', '1h'], 'age');
  }
}

function patterns(typed: string, { patternTypes }: Vocabulary): [value: string, kind: string][] {
  const folded = fold(typed);
  const inWord = patternTypes.filter(name => fold(name).includes(folded));
  const sorted = inWord.toSorted((a, b) => Number(fold(b).startsWith(folded)) - Number(fold(a).startsWith(folded)));
  return sorted.map(name => [name, patternName(name) === name ? 'pattern' : `pattern ${patternName(name)}`]);
}

function symbols(typed: string, vocabulary: Vocabulary): [value: string, kind: string][] {
  const upper = typed.toUpperCase();
  return vocabulary.symbols
    .filter(symbol => symbol.startsWith(upper))
    .toSorted((a, b) => a.length - b.length)
    .map(symbol => [symbol, 'symbol']);
}

function sectors(typed: string, vocabulary: Vocabulary): [value: string, kind: string][] {
  const isMeant = (sector: string) => sector.toLowerCase().startsWith(typed.toLowerCase());
  return vocabulary.sectors.filter(isMeant).map(sector => [sector, 'sector']);
}

function timeframes(typed: string, vocabulary: Vocabulary): [value: string, kind: string][] {
  const labels = vocabulary.timeframes.map(timeframe => timeframeLabel(timeframe) ?? timeframe);
  return [...new Set(labels)].filter(label => label.startsWith(typed)).map(label => [label, 'timeframe']);
}
