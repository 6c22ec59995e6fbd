import { type Filter, thousandths } from '../../../shared/filter.ts';
import { patternName } from '../../live/pattern-names.ts';
import { type FilterList, type LocalFilter, NO_LOCAL_FILTER } from '../state/filters.ts';
import { SESSIONS } from './keys.ts';
import { printDuration } from './print.ts';
import { groupTimeframes } from './timeframes.ts';
import { symbolWords } from './universe-marks.ts';

/** A part of a filter that is shown, explained and taken away as one. */
export interface Clause {
  id: FilterList | 'confidence_min' | 'priority_min';
  /** `NVDA, TSLA +3`, `not Doji`, `confidence ≥ 80`. */
  words: string;
  /** All of it, when `words` has not room for everything. */
  fullWords: string;
}

/** The parts of what the server is asked for; empty = everything is. */
export function clausesOf(filter: Filter): Clause[] {
  const clauses: Clause[] = [];
  const add = (id: Clause['id'], values: readonly string[] | undefined, prefix = '') => {
    if (!values?.length) return;
    clauses.push({ id, words: prefix + shortList(values), fullWords: prefix + values.join(', ') });
  };
  const named = (patterns: readonly string[] | undefined) => patterns?.map(patternName);
  add('symbols', filter.symbols?.map(symbolWords));
  add('exclude_symbols', filter.exclude_symbols, 'not ');
  add('pattern_types', named(filter.pattern_types));
  add('exclude_pattern_types', named(filter.exclude_pattern_types), 'not ');
  add('timeframes', filter.timeframes && groupTimeframes(filter.timeframes).map(({ label }) => label));
  add('market_sessions', filter.market_sessions?.map(sessionName));
  if (filter.confidence_min) add('confidence_min', [confidenceWords(filter.confidence_min)]);
  if (filter.priority_min) add('priority_min', [`priority ≥ ${filter.priority_min}`]);
  return clauses;
}

/** The filter without one of its parts. */
export function withoutClause(filter: Filter, id: Clause['id']): Filter {
  const { [id]: _, ...rest } = filter;
  return rest;
}

/** A part of what is hidden on the page. */
export interface LocalClause {
  id: keyof LocalFilter;
  words: string;
}

/** The parts of what is hidden on the page; empty = nothing is. */
export function localClausesOf({ directions, sectors, maxAgeMs, text, starredOnly }: LocalFilter): LocalClause[] {
  const clauses: LocalClause[] = [];
  if (directions.length > 0) clauses.push({ id: 'directions', words: `direction ${directions.join(', ')}` });
  if (sectors.length > 0) clauses.push({ id: 'sectors', words: `sector ${shortList(sectors)}` });
  if (maxAgeMs !== null) clauses.push({ id: 'maxAgeMs', words: `age < ${printDuration(maxAgeMs)}` });
  if (starredOnly) clauses.push({ id: 'starredOnly', words: 'starred' });
  if (text !== '') clauses.push({ id: 'text', words: `“${text}”` });
  return clauses;
}

/** The local filter without one of its parts. */
export function withoutLocalClause(local: LocalFilter, id: keyof LocalFilter): LocalFilter {
  return { ...local, [id]: NO_LOCAL_FILTER[id] };
}

/** A filter in one line: `NVDA, 5m, confidence ≥ 80`; `everything` when it asks for nothing. */
export function filterWords(filter: Filter): string {
  const clauses = clausesOf(filter);
  return clauses.length > 0 ? clauses.map(({ fullWords }) => fullWords).join(', ') : 'everything';
}

/** A least confidence in percent: `confidence ≥ 80`, or `> 80` for the least above it. */
export function confidenceWords(confidenceMin: number): string {
  const least = thousandths(confidenceMin);
  return least % 10 === 1 ? `confidence > ${(least - 1) / 10}` : `confidence ≥ ${least / 10}`;
}

function sessionName(session: string): string {
  return Object.hasOwn(SESSIONS, session) ? SESSIONS[session as keyof typeof SESSIONS].name : session;
}

/** The first of them, and how many more. */
function shortList(values: readonly string[]): string {
  return values.length <= 3 ? values.join(', ') : `${values.slice(0, 2).join(', ')} +${values.length - 2}`;
}
