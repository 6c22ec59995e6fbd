import { type Filter, normaliseSymbol, thousandths } from '../../../shared/filter.ts';
import type { Priority } from '../../../shared/priority.ts';
import { canonicalFilter, DIRECTIONS, type Direction, type LocalFilter, MAX_TEXT_LENGTH } from '../state/filters.ts';
import { directionNamed, KEYS, type Key, keyNamed, priorityNamed, sessionNamed } from './keys.ts';
import { timeframeSpellings } from './timeframes.ts';
import { readValues, type Token, tokenise, type Value } from './tokens.ts';
import { universeMark } from './universe-marks.ts';
import { isPossibleSymbol, knownPatternTypes, NO_VOCABULARY, type Vocabulary } from './vocabulary.ts';

/** What a text says: what the server is asked for, and what the page hides besides. */
export interface FilterPair {
  filter: Filter;
  local: LocalFilter;
}

/** A word of a text that says nothing, and why. */
export interface Mistake {
  /** The word as it stands there. */
  token: string;
  /** Where it starts, in UTF-16 units. */
  at: number;
  message: string;
}

export interface Parsed extends FilterPair {
  /** Empty = everything was understood. What was not is left out of the filter. */
  mistakes: Mistake[];
}

/**
 * Reads a filter's text: words parted by spaces, all of which must hold, values of one kind OR'ed.
 *
 *     NVDA TSLA conf>85 tf:5m session:regular !doji
 *     pat:"Bull Flag" prio:high dir:up age<10m "free text" is:starred sym:BRK.B
 *
 * A bare word is a pattern type that is known, else a timeframe (`5m`), else a symbol; `!` before a pattern type or a
 * symbol takes it away; `in:tech` stands for the symbols of a universe; `=` before a value takes that letter by letter (`tf:=5min`). Never throws.
 */
export function parse(text: string, vocabulary: Vocabulary = NO_VOCABULARY): Parsed {
  const reader = new Reader(vocabulary);
  for (const token of tokenise(text)) reader.read(token);
  return reader.result();
}

type List =
  | 'symbols'
  | 'exclude_symbols'
  | 'pattern_types'
  | 'exclude_pattern_types'
  | 'timeframes'
  | 'market_sessions';

const keyed = /^([a-z]+)(>=|<=|[:<>=≥≤])(.*)$/isu;
const MAX_AGE_S = 30 * 86_400;

class Reader {
  readonly #vocabulary: Vocabulary;
  readonly #lists = new Map<List, Set<string>>();
  readonly #directions = new Set<Direction>();
  readonly #sectors = new Set<string>();
  readonly #mistakes: Mistake[] = [];
  #least: number | null = null;
  #priority: Priority | null = null;
  #maxAgeMs: number | null = null;
  #text: string | null = null;
  #starredOnly = false;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  read({ text, at }: Token): void {
    const message = this.#take(text);
    if (message !== null) this.#mistakes.push({ token: text, at, message });
  }

  result(): Parsed {
    const filter: Filter = {};
    for (const [list, values] of this.#lists) filter[list] = [...values];
    if (this.#least !== null) filter.confidence_min = this.#least / 1_000;
    if (this.#priority) filter.priority_min = this.#priority;
    const local = {
      directions: DIRECTIONS.filter(direction => this.#directions.has(direction)),
      sectors: [...this.#sectors],
      maxAgeMs: this.#maxAgeMs,
      text: this.#text ?? '',
      starredOnly: this.#starredOnly,
    };
    return { filter: canonicalFilter(filter), local, mistakes: this.#mistakes };
  }

  /** @returns what is wrong with it, or null */
  #take(token: string): string | null {
    const isExcluded = token.startsWith('!');
    const word = isExcluded ? token.slice(1) : token;
    if (word === '') return '! needs a pattern or a symbol right after it';
    if (word.startsWith('"')) return this.#takeText(word, isExcluded);
    const parts = keyed.exec(word);
    const key = parts && keyNamed(parts[1]!);
    if (key) return this.#takeKeyed(key, parts[2]!, parts[3]!, isExcluded);
    if (parts && parts[2] !== '=') return `there is no filter "${parts[1]}"`;
    const bare = keyNamed(word);
    if (bare) return `needs a value: ${KEYS[bare].example}`;
    return this.#takeWord(word, isExcluded);
  }

  #takeKeyed(key: Key, operator: string, rest: string, isExcluded: boolean): string | null {
    if (isExcluded && key !== 'sym' && key !== 'pat') return 'only patterns and symbols can be excluded';
    const sign = { '≥': '>=', '≤': '<=', '=': ':' }[operator] ?? operator;
    if (key === 'conf') return this.#takeConfidence(sign, rest);
    if (key === 'age') return this.#takeAge(sign, rest);
    if (sign !== ':' && !(key === 'prio' && sign === '>=')) return `is written ${KEYS[key].example}`;
    const values = readValues(rest);
    if (!values) return 'a quote is not closed, or something stands against it';
    if (values.some(value => value.text.trim() === '')) return `needs a value: ${KEYS[key].example}`;
    switch (key) {
      case 'sym':
        return this.#each(values, value => this.#takeSymbol(value.text, isExcluded));
      case 'in':
        return this.#each(values, value => this.#takeUniverse(value.text));
      case 'pat':
        return this.#each(values, value => this.#takePattern(value, isExcluded));
      case 'tf':
        return this.#each(values, value => this.#takeTimeframe(value));
      case 'session':
        return this.#each(values, value => this.#takeSession(value));
      case 'dir':
        return this.#each(values, value => this.#takeDirection(value.text));
      case 'sector':
        return this.#each(values, value => () => this.#sectors.add(value.text.trim()));
      case 'prio':
        return this.#takePriority(values);
      case 'is':
        return this.#each(values, value => this.#takeMark(value.text));
    }
  }

  /** All or none of the values count. */
  #each(values: Value[], take: (value: Value) => string | (() => void)): string | null {
    const changes = values.map(take);
    const message = changes.find(change => typeof change === 'string');
    if (message !== undefined) return message as string;
    for (const change of changes) (change as () => void)();
    return null;
  }

  #takeWord(word: string, isExcluded: boolean): string | null {
    const known = knownPatternTypes(word, this.#vocabulary);
    if (known.length > 0)
      return this.#apply(this.#adding(isExcluded ? 'exclude_pattern_types' : 'pattern_types', known));
    const spellings = /^\d/.test(word) ? timeframeSpellings(word) : null;
    if (spellings)
      return isExcluded ? 'a timeframe cannot be excluded' : this.#apply(this.#adding('timeframes', spellings));
    return this.#apply(this.#takeSymbol(word, isExcluded));
  }

  #takeSymbol(text: string, isExcluded: boolean): string | (() => void) {
    const symbol = normaliseSymbol(text);
    if (!isPossibleSymbol(symbol)) return `"${text}" is no symbol: 1 to 20 letters, digits, dots, dashes`;
    return this.#adding(isExcluded ? 'exclude_symbols' : 'symbols', [symbol]);
  }

  /** Whether there is one of this name is for the server to know. */
  #takeUniverse(text: string): string | (() => void) {
    if (!/^[a-z0-9][a-z0-9_-]{0,39}$/i.test(text)) return `"${text}" is no name of a universe`;
    return this.#adding('symbols', [universeMark(text)]);
  }

  #takePattern({ text, isExact }: Value, isExcluded: boolean): string | (() => void) {
    if (text.length > 100) return 'a pattern has at most 100 characters';
    const known = isExact ? [] : knownPatternTypes(text, this.#vocabulary);
    return this.#adding(isExcluded ? 'exclude_pattern_types' : 'pattern_types', known.length > 0 ? known : [text]);
  }

  #takeTimeframe({ text, isExact }: Value): string | (() => void) {
    if (text.length > 100) return 'a timeframe has at most 100 characters';
    return this.#adding('timeframes', (isExact ? null : timeframeSpellings(text)) ?? [text]);
  }

  #takeSession({ text, isExact }: Value): string | (() => void) {
    const session = isExact ? text : sessionNamed(text);
    if (session === null) return `there is no session "${text}": pre, regular, post or closed`;
    return this.#adding('market_sessions', [session]);
  }

  #takeDirection(text: string): string | (() => void) {
    const direction = directionNamed(text);
    if (!direction) return `there is no direction "${text}": up, down or other`;
    return () => this.#directions.add(direction);
  }

  #takeMark(text: string): string | (() => void) {
    if (text.toLowerCase() !== 'starred') return `there is no mark "${text}": only is:starred`;
    return () => {
      this.#starredOnly = true;
    };
  }

  #takePriority(values: Value[]): string | null {
    const priority = values.length === 1 ? priorityNamed(values[0]!.text) : null;
    if (!priority) return 'is one of low, medium, high, critical: the least that is sent';
    if (this.#priority) return 'the priority is said twice';
    this.#priority = priority;
    return null;
  }

  #takeConfidence(operator: string, text: string): string | null {
    if (operator.startsWith('<')) return 'a highest confidence cannot be asked for, only a least one';
    const match = /^(\d{1,3}(?:\.\d{1,6})?|\.\d{1,6})(%?)$/.exec(text);
    if (!match) return `needs a number from 0 to 100: ${KEYS.conf.example}`;
    const isFraction = match[2] === '' && match[1]!.includes('.') && Number(match[1]) <= 1;
    const least = thousandths(Number(match[1]) / (isFraction ? 1 : 100)) + (operator === '>' ? 1 : 0);
    if (least > 1_000) return operator === '>' ? 'nothing is above 100' : 'is at most 100';
    if (this.#least !== null) return 'the confidence is said twice';
    this.#least = least;
    return null;
  }

  #takeAge(operator: string, text: string): string | null {
    if (operator.startsWith('>')) return 'a least age cannot be asked for, only a highest one';
    const match = /^(\d{1,7})(s|m|min|h|d)$/i.exec(text);
    if (!match) return `needs a time: ${KEYS.age.example}`;
    const seconds = Number(match[1]) * AGE_UNITS_S[match[2]!.toLowerCase() as keyof typeof AGE_UNITS_S];
    if (seconds === 0 || seconds > MAX_AGE_S) return 'is from 1s to 30d';
    if (this.#maxAgeMs !== null) return 'the age is said twice';
    this.#maxAgeMs = seconds * 1_000;
    return null;
  }

  #takeText(word: string, isExcluded: boolean): string | null {
    if (isExcluded) return 'only patterns and symbols can be excluded';
    const values = readValues(word);
    if (values?.length !== 1) return 'the quote is not closed, or something stands against it';
    const text = values[0]!.text.trim();
    if (text === '') return 'the free text is empty';
    if (text.length > MAX_TEXT_LENGTH) return `a free text has at most ${MAX_TEXT_LENGTH} characters`;
    if (this.#text !== null) return 'there is a free text already';
    this.#text = text;
    return null;
  }

  #adding(list: List, values: readonly string[]): () => void {
    return () => {
      const kept = this.#lists.get(list) ?? new Set();
      for (const value of values) kept.add(value);
      this.#lists.set(list, kept);
    };
  }

  #apply(change: string | (() => void)): string | null {
    if (typeof change === 'string') return change;
    change();
    return null;
  }
}

const AGE_UNITS_S = { s: 1, m: 60, min: 60, h: 3_600, d: 86_400 } as const;
