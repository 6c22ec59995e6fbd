import { EXCLUDED_LISTS, type Filter, thousandths, WANTED_LISTS } from '../../shared/filter.ts';
import { priorityRank } from '../../shared/priority.ts';

/**
 * A filter in normal form as a condition on the tape's columns, equal to `matches`. Lists travel as one JSON binding
 * each: a query takes 100 bindings at most (https://developers.cloudflare.com/durable-objects/platform/limits/).
 */
export function whereFilter(filter: Filter): { sql: string; bindings: (string | number)[] } {
  const conditions: string[] = [];
  const bindings: (string | number)[] = [];
  for (const [list, column] of WANTED_LISTS) {
    const values = filter[list];
    if (!values?.length) continue;
    conditions.push(`${column} IN (SELECT value FROM json_each(?))`);
    bindings.push(JSON.stringify(values));
  }
  for (const [list, column] of EXCLUDED_LISTS) {
    if (!filter[list]?.length) continue;
    conditions.push(`(${column} IS NULL OR ${column} NOT IN (SELECT value FROM json_each(?)))`);
    bindings.push(JSON.stringify(filter[list]));
  }
  if (filter.confidence_min) {
    conditions.push('confidence >= ?');
    bindings.push(thousandths(filter.confidence_min));
  }
  if (filter.priority_min) {
    conditions.push('priority >= ?');
    bindings.push(priorityRank(filter.priority_min));
  }
  return { sql: conditions.length === 0 ? 'TRUE' : conditions.join(' AND '), bindings };
}
