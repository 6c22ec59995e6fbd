import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import { loadVocabulary, vocabulary } from '../filter/seen.ts';
import { NO_VOCABULARY, type Vocabulary } from '../filter/vocabulary.ts';
import { changeColumn, columnSettings } from './settings.ts';
import { withoutStoring } from './stored.ts';
import { filtersOf, setFilters } from './tiers.ts';
import { decodeState, encodeState, MAX_QUERY_BYTES, withoutState } from './url.ts';

const problems = signal<readonly string[]>([]);

/** What of the opened link was not understood, in sentences; the rest counts. Empty once something is changed. */
export const linkProblems: ReadonlySignal<readonly string[]> = problems;

/** Forgets them, when they were read. */
export function dismissLinkProblems(): void {
  problems.value = [];
}

/** The page's address with filters and views in it; null = they are too long for one. Reads signals. */
export function shareLink(): string | null {
  const query = currentQuery();
  return query.length > MAX_QUERY_BYTES ? null : `${location.origin}${location.pathname}?${query}`;
}

/**
 * Keeps the address and the filters in step: what the address says is shown, and not kept until something is changed;
 * what is changed is written to the address, unless it is too long for one. Called once, before the columns subscribe.
 */
export function followAddress(): void {
  let written = '';
  const read = (known: Vocabulary) => {
    withoutStoring(() => show(location.search, known));
    written = currentQuery();
  };
  read(vocabulary.peek());
  const opened = { search: location.search, written };
  if (/[?&][dic]=/.test(opened.search)) void loadVocabulary();

  effect(() => {
    const query = currentQuery();
    if (query === written) return;
    written = query;
    problems.value = [];
    write(query);
  });
  // A link typed by hand may name patterns by bare words, which only who knows them can tell from symbols.
  effect(() => {
    if (vocabulary.value === NO_VOCABULARY) return;
    if (location.search === opened.search && written === opened.written) read(vocabulary.value);
  });
  window.addEventListener('popstate', () => read(vocabulary.peek()));
}

/** Leaves the filters as they are one step back in the browser's history: before they are replaced as a whole. */
export function keepInHistory(): void {
  write(currentQuery());
  history.pushState(null, '', location.href);
}

function show(search: string, known: Vocabulary): void {
  const state = decodeState(search, known);
  for (const tier of TIERS) {
    const filters = state.filters[tier];
    const view = state.views[tier];
    if (filters) setFilters(tier, filters);
    if (view) changeColumn(tier, { view });
  }
  problems.value = state.problems;
}

function write(query: string): void {
  const others = withoutState(location.search);
  const search = [others, query.length > MAX_QUERY_BYTES ? '' : query].filter(Boolean).join('&');
  history.replaceState(null, '', `${location.pathname}${search === '' ? '' : `?${search}`}${location.hash}`);
}

function currentQuery(): string {
  return encodeState({ filters: byTier(filtersOf), views: byTier(tier => columnSettings[tier].value.view) });
}

function byTier<T>(of: (tier: Tier) => T): Record<Tier, T> {
  return { daily: of('daily'), intraday: of('intraday'), combo: of('combo') };
}
