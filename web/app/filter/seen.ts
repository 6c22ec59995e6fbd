import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Tier } from '../../../shared/topics.ts';
import { getPatternTypes, getSymbols, type SeenPatternTypes, type SeenSymbol } from '../api.ts';
import { NO_SECTOR } from '../state/filters.ts';
import { loadUniverses, universes } from './universes.ts';
import { NO_VOCABULARY, type Vocabulary } from './vocabulary.ts';

/** What was seen is asked for again after this, when it is needed. */
const KEPT_MS = 60_000;

const seen = signal<(SeenPatternTypes & { symbols: SeenSymbol[] }) | null>(null);
let askedAtMs = Number.NEGATIVE_INFINITY;

/** The pattern types, symbols and timeframes that the server has seen, as far as they were asked for. */
export const vocabulary: ReadonlySignal<Vocabulary> = computed(() =>
  seen.value
    ? {
        patternTypes: seen.value.pattern_types.map(({ pattern_type }) => pattern_type),
        timeframes: seen.value.timeframes.map(({ timeframe }) => timeframe),
        symbols: seen.value.symbols.map(({ symbol }) => symbol),
        universes: [...universes.value.keys()],
        sectors: [...new Set(seen.value.symbols.map(({ sector }) => sector ?? NO_SECTOR))].sort(),
      }
    : NO_VOCABULARY,
);

/** Symbol -> sector, as far as the reference data say; null while that is not known. Reads a signal. */
export const sectors: ReadonlySignal<ReadonlyMap<string, string | null> | null> = computed(
  () => seen.value && new Map(seen.value.symbols.map(({ symbol, sector }) => [symbol, sector])),
);

/** What was seen in one tier: for choosing from. Reads a signal. */
export function seenIn(tier: Tier): Pick<Vocabulary, 'patternTypes' | 'timeframes'> {
  const isHere = ({ tiers }: { tiers: Tier[] }) => tiers.includes(tier);
  return {
    patternTypes: (seen.value?.pattern_types ?? []).filter(isHere).map(({ pattern_type }) => pattern_type),
    timeframes: (seen.value?.timeframes ?? []).filter(isHere).map(({ timeframe }) => timeframe),
  };
}

/** Asks for the vocabulary if it is not known or old: before it is needed, as completion does not wait. */
export async function loadVocabulary(): Promise<void> {
  if (performance.now() - askedAtMs < KEPT_MS) return;
  askedAtMs = performance.now();
  void loadUniverses();
  try {
    const [patterns, symbols] = await Promise.all([getPatternTypes(), getSymbols()]);
    seen.value = { ...patterns, symbols };
  } catch {
    // Words are then taken as they are typed; the next need asks again.
    askedAtMs = Number.NEGATIVE_INFINITY;
  }
}
