import { createElement } from 'preact';
import type { Tier } from '../../../shared/topics.ts';
import { openOverlay } from '../overlay.tsx';

/** Opens a column's view and filters as a sheet, whose code is fetched the first time. */
export function openFilterSheet(tier: Tier): void {
  void openOverlay(async () => {
    const { FilterSheet } = await import('./filter-sheet.tsx');
    return ({ close }) => createElement(FilterSheet, { tier, close });
  });
}
