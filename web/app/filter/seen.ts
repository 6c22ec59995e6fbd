import { type ReadonlySignal, signal } from '@preact/signals';
import { getPatternTypes, getSymbols } from '../api.ts';
import { NO_VOCABULARY, type Vocabulary } from './vocabulary.ts';

/** What was seen is asked for again after this, when it is needed. */
const KEPT_MS = 60_000;

const known = signal<Vocabulary>(NO_VOCABULARY);
let askedAtMs = Number.NEGATIVE_INFINITY;

/** The pattern types, symbols and timeframes that the server has seen, as far as they were asked for. */
export const vocabulary: ReadonlySignal<Vocabulary> = known;

/** Asks for the vocabulary if it is not known or old: before it is needed, as completion does not wait. */
export async function loadVocabulary(): Promise<void> {
  if (performance.now() - askedAtMs < KEPT_MS) return;
  askedAtMs = performance.now();
  try {
    const [{ pattern_types, timeframes }, symbols] = await Promise.all([getPatternTypes(), getSymbols()]);
    known.value = {
      patternTypes: pattern_types.map(({ pattern_type }) => pattern_type),
      timeframes: timeframes.map(({ timeframe }) => timeframe),
      symbols: symbols.map(({ symbol }) => symbol),
    };
  } catch {
    // Words are then taken as they are typed; the next need asks again.
    askedAtMs = Number.NEGATIVE_INFINITY;
  }
}
