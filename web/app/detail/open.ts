import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import type { PatternEntry } from '../../live/entry.ts';
import { columns } from '../columns.ts';
import { facts, selected } from '../page-state.ts';
import { mute, star } from './row-actions.ts';

interface Shown {
  tier: Tier;
  entry: PatternEntry;
}

const opened = signal<Shown | null>(null);

/** What the detail shows: the selected row as it is now; the one it was opened for when that is gone. null = closed. */
export const detail: ReadonlySignal<Shown | null> = computed(() => {
  const first = opened.value;
  if (!first) return null;
  const shown = selected.value ?? first;
  // Read, so that a row that fires again is shown as it is then.
  facts[shown.tier].value;
  const { cursor } = columns[shown.tier];
  return cursor?.key === shown.entry.key ? { tier: shown.tier, entry: cursor } : shown;
});

/** Opens the detail of the selected row. */
export function openDetail(): void {
  opened.value = selected.peek();
}

export function closeDetail(): void {
  opened.value = null;
}

/** The row a menu is open for, and where; null = none. */
export const menu = signal<(Shown & { at: { x: number; y: number } }) | null>(null);

/** Lets rows do what their gestures and buttons ask for. Called once. */
export function followRows(): void {
  for (const tier of TIERS) {
    const column = columns[tier];
    column.on('activate', entry => {
      if (!entry) return;
      selected.value = { tier, entry };
      openDetail();
    });
    column.on('star', entry => entry && star(entry));
    column.on('mute', entry => entry && mute(entry.event.symbol));
    column.on('menu', (entry, at) => {
      menu.value = entry && at && { tier, entry, at };
    });
  }
}
