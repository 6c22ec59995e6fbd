import { batch, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
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
 * @param isShown whether the address is that of the columns; that of another page is left alone
 * @returns a function that ends that
 */
export function followAddress(isShown: ReadonlySignal<boolean>): () => void {
  let written = '';
  const read = (search: string, known: Vocabulary) =>
    withoutStoring(() => {
      show(search, known);
      // Before anything else learns of it: what is shown is what stands there.
      written = currentQuery();
    });
  const search = isShown.peek() ? location.search : '';
  read(search, vocabulary.peek());
  const opened = { search, written };
  if (/[?&][dic]=/.test(opened.search)) void loadVocabulary();

  const stopWriting = effect(() => {
    const query = currentQuery();
    if (query === written || !isShown.value) return;
    written = query;
    problems.value = [];
    write(query);
  });
  // A link typed by hand may name patterns by bare words, which only who knows them can tell from symbols.
  const stopReading = effect(() => {
    if (vocabulary.value === NO_VOCABULARY) return;
    if (location.search !== opened.search || written !== opened.written) return;
    untracked(() => read(opened.search, vocabulary.peek()));
  });
  const stepped = ({ state }: PopStateEvent) => {
    if (isShown.peek()) read(state?.query ?? location.search, vocabulary.peek());
  };
  addEventListener('popstate', stepped);
  return () => {
    stopWriting();
    stopReading();
    removeEventListener('popstate', stepped);
  };
}

/** Filters and views as a query string, however long. Reads signals. */
export function currentQuery(): string {
  return encodeState({ filters: byTier(filtersOf), views: byTier(tier => columnSettings[tier].value.view) });
}

/** Shows what a query string says, and leaves what was shown before one step back in the browser's history. */
export function applyQuery(query: string): void {
  write(currentQuery());
  history.pushState(null, '', location.href);
  batch(() => show(query, NO_VOCABULARY));
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
  // The entry knows the query in whole, also one that is too long for the address.
  history.replaceState({ query }, '', `${location.pathname}${search === '' ? '' : `?${search}`}${location.hash}`);
}

function byTier<T>(of: (tier: Tier) => T): Record<Tier, T> {
  return { daily: of('daily'), intraday: of('intraday'), combo: of('combo') };
}
