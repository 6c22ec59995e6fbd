import { type Signal, signal } from '@preact/signals';
import { TIERS, type Tier } from '../../shared/topics.ts';
import { Announcer } from '../live/announcer.ts';
import type { PatternEntry } from '../live/entry.ts';
import { type ColumnFacts, unknownFacts } from '../live/facts.ts';
import { Painter } from '../live/painter.ts';

/**
 * What the frame of the page shares with the columns, which are fetched after it.
 */

export const painter = new Painter();
export const announcer = new Announcer(liveRegion('polite'), liveRegion('assertive'));

/** What each column knows of itself, as it changes. */
export const facts: Record<Tier, Signal<ColumnFacts>> = byTier(() => signal(unknownFacts()));

/** The row under the cursor of the column that was used last. */
export const selected: Signal<{ tier: Tier; entry: PatternEntry } | null> = signal(null);
/** Whether only what is related to the selected row is shown. */
export const isRelatedOnly = signal(false);
/** Whether every column stands still (WCAG 2.2.2); what comes in meanwhile is kept. */
export const isPaused = signal(false);

export function byTier<T>(make: (tier: Tier) => T): Record<Tier, T> {
  return Object.fromEntries(TIERS.map(tier => [tier, make(tier)])) as Record<Tier, T>;
}

function liveRegion(politeness: 'polite' | 'assertive'): HTMLElement {
  const region = document.createElement('p');
  region.className = 'visually-hidden';
  region.setAttribute('aria-live', politeness);
  region.dataset.announcer = politeness;
  document.body.append(region);
  return region;
}
