import { thousandths } from '../../../shared/filter.ts';
import type { FilterClause, JudgedClause } from '../../../shared/judge.ts';
import { patternName, timeframeWords } from '../../live/pattern-names.ts';
import { SESSIONS } from '../filter/keys.ts';

/** A part of a filter beside what the event has, in words. */
export interface ClauseRow {
  clause: FilterClause;
  name: string;
  wants: string;
  has: string;
  holds: boolean;
}

/** What a filter asks for, part by part, what fails first; what it does not ask about is left out. */
export function clauseRows(clauses: readonly JudgedClause[]): ClauseRow[] {
  return clauses
    .filter(({ wants, clause, holds }) => wants !== null && !(clause === 'kinds' && holds))
    .map(({ clause, wants, event_has, holds }) => {
      const { name, prefix, word } = PARTS[clause];
      const values = (Array.isArray(wants) ? wants : [wants!]).map(word);
      const listed = values.slice(0, MAX_LISTED).join(', ');
      const rest = values.length > MAX_LISTED ? ` +${values.length - MAX_LISTED}` : '';
      return {
        clause,
        name,
        wants: `${prefix}${listed}${rest}`,
        has: event_has === null ? 'none' : word(event_has),
        holds,
      };
    })
    .sort((a, b) => Number(a.holds) - Number(b.holds));
}

/** Of a list so many are told. */
const MAX_LISTED = 12;

type Value = string | number;

const text = (value: Value) => String(value);
const pattern = (value: Value) => patternName(String(value));
const percent = (value: Value) => String(thousandths(Number(value)) / 10);
const session = (value: Value) =>
  (SESSIONS as Record<string, { name: string } | undefined>)[value]?.name ?? String(value);
const timeframe = (value: Value) => timeframeWords(String(value));

const PARTS: Record<FilterClause, { name: string; prefix: string; word: (value: Value) => string }> = {
  kinds: { name: 'Kind', prefix: '', word: text },
  pattern_types: { name: 'Pattern', prefix: '', word: pattern },
  symbols: { name: 'Symbol', prefix: '', word: text },
  timeframes: { name: 'Timeframe', prefix: '', word: timeframe },
  market_sessions: { name: 'Session', prefix: '', word: session },
  confidence_min: { name: 'Confidence', prefix: '≥ ', word: percent },
  priority_min: { name: 'Priority', prefix: '≥ ', word: text },
  exclude_symbols: { name: 'Symbol', prefix: 'not ', word: text },
  exclude_pattern_types: { name: 'Pattern', prefix: 'not ', word: pattern },
};
