import type { Tier } from '../../../shared/topics.ts';
import { columns } from '../columns.ts';
import { filtersOf } from '../state/tiers.ts';
import { csvName, toCsv } from './csv.ts';

/** Gives the user a CSV file of the rows that these columns show. @returns how many rows it has */
export function exportRows(tiers: readonly Tier[]): number {
  const nowMs = Date.now();
  const exported = tiers.map(tier => ({ tier, filters: filtersOf(tier), entries: columns[tier].entries() }));
  download(csvName(tiers, nowMs), toCsv(exported, nowMs));
  return exported.reduce((sum, { entries }) => sum + entries.filter(({ type }) => type === 'pattern').length, 0);
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
