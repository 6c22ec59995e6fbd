import { type Filter, thousandths } from '../../../shared/filter.ts';
import { type Clause, clausesOf, withoutClause } from './clauses.ts';

/** What the server counted of a tier's last hour. */
export interface ClauseCounts {
  /** Whatever the filter. */
  total: number;
  /** What matches without one part of the filter, by that part's id. */
  without: ReadonlyMap<Clause['id'], number>;
  /** What matches at lower confidences, by thousandths. */
  atConfidence: ReadonlyMap<number, number>;
}

/** Why a filter lets nothing through, and how it would. */
export interface Cause {
  words: string;
  /** What would let something through, the least change first. */
  remedies: { label: string; filter: Filter }[];
}

/** Filters whose counts `causeOf` needs: the filter without each of its parts, and at lower confidences. */
export function questionsOf(filter: Filter): { without: Clause['id'][]; confidences: number[] } {
  const without = clausesOf(filter).map(({ id }) => id);
  const least = thousandths(filter.confidence_min ?? 0);
  return { without, confidences: STEPS.filter(step => step < least) };
}

/**
 * Says which part of a filter hides what came: a confidence first, which is eased rather than dropped, else the part that
 * hides most. `title` is the column's.
 */
export function causeOf(title: string, filter: Filter, counts: ClauseCounts | null): Cause {
  const words = `No ${title} patterns match.`;
  const clauses = clausesOf(filter);
  if (!counts || clauses.length === 0) return { words, remedies: [] };
  if (counts.total === 0) return { words: `No ${title} pattern came in the last hour.`, remedies: [] };
  const hidden = ({ id }: Clause) => counts.without.get(id) ?? 0;
  const isConfidence = ({ id }: Clause) => Number(id === 'confidence_min');
  const causes = clauses
    .filter(clause => hidden(clause) > 0)
    .toSorted((a, b) => isConfidence(b) - isConfidence(a) || hidden(b) - hidden(a));
  const [first] = causes;
  if (!first) {
    const why = clauses.length === 1 ? 'none of this kind' : 'none with all of this at once';
    return { words: `${words} ${counts.total} came in the last hour, ${why}`, remedies: [] };
  }
  return {
    words: `${words} ${hidden(first)} hidden by ${first.words}`,
    remedies: causes.slice(0, MAX_REMEDIES).map(clause => remedyFor(clause, filter, counts)),
  };
}

const MAX_REMEDIES = 2;
/** Confidences that are offered, in thousandths, the highest first. */
const STEPS = [900, 800, 700, 600, 500];

function remedyFor(clause: Clause, filter: Filter, { atConfidence }: ClauseCounts): Cause['remedies'][number] {
  if (clause.id === 'confidence_min') {
    const lower = [...atConfidence].toSorted(([a], [b]) => b - a).find(([, matching]) => matching > 0);
    if (lower) return { label: `Lower to ${lower[0] / 10}`, filter: { ...filter, confidence_min: lower[0] / 1_000 } };
  }
  return { label: `Drop ${clause.words}`, filter: withoutClause(filter, clause.id) };
}
