import { type Parsed, parse } from './grammar.ts';
import { keyNamed } from './keys.ts';
import { timeframeSpellings } from './timeframes.ts';
import { tokenise } from './tokens.ts';
import { knownPatternTypes, type Vocabulary } from './vocabulary.ts';

/**
 * What a text that is being typed says by now; null = it is not to be acted on yet, because of a mistake or because the
 * word at the caret may go on: `NV` could still become NVDA, and would empty the column until then.
 */
export function readTyped(text: string, caret: number, vocabulary: Vocabulary): Parsed | null {
  const parsed = parse(text, vocabulary);
  if (parsed.mistakes.length > 0) return null;
  const word = tokenise(text).find(({ at, text: token }) => at <= caret && caret <= at + token.length);
  return word && !isComplete(word.text.replace(/^!/, ''), vocabulary) ? null : parsed;
}

function isComplete(word: string, vocabulary: Vocabulary): boolean {
  const [, key = '', last = ''] = /^([a-z]+)[:=](?:.*,)?=?([^",]*)$/i.exec(word) ?? [];
  switch (keyNamed(key)) {
    case 'sym':
    case 'pat':
      return isKnown(last, vocabulary);
    case 'in':
      return vocabulary.universes.includes(last.toLowerCase());
    case 'tf':
      return timeframeSpellings(last) !== null || vocabulary.timeframes.includes(last);
    case 'sector':
      return vocabulary.sectors.some(sector => sector.toLowerCase() === last.toLowerCase());
    default:
      return (
        /[:<>=≥≤"]/.test(word) || isKnown(word, vocabulary) || (/^\d/.test(word) && timeframeSpellings(word) !== null)
      );
  }
}

function isKnown(name: string, vocabulary: Vocabulary): boolean {
  return knownPatternTypes(name, vocabulary).length > 0 || vocabulary.symbols.includes(name.toUpperCase());
}
