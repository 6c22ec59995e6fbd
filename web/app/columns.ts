import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { TIERS, type Tier } from '../../shared/topics.ts';
import { Announcer } from '../live/announcer.ts';
import { Column } from '../live/column.ts';
import { relates } from '../live/cross-tier.ts';
import type { PatternEntry } from '../live/entry.ts';
import type { ColumnFacts } from '../live/facts.ts';
import { Painter } from '../live/painter.ts';
import { getPatterns } from './api.ts';
import { device, isShown } from './column/arrangement.ts';
import { client } from './connection.ts';
import { agePeriodMs, hidesOf } from './filter/local.ts';
import { calendar } from './header/market.ts';
import { clockOffsetMs, producer } from './header/producer.ts';
import { now } from './now.ts';
import { isMuted, isStarred, mutes, stars } from './state/marks.ts';
import { changeColumn, clock, columnSettings, density } from './state/settings.ts';
import { activeSubscriptions, tiers } from './state/tiers.ts';

export const TITLES: Record<Tier, string> = { daily: 'Daily', intraday: 'Intraday', combo: 'Combo' };
/** Stored events asked for at a time when someone scrolls to the end. */
const OLDER_PAGE = 200;

export const painter = new Painter();
export const announcer = new Announcer(liveRegion('polite'), liveRegion('assertive'));

/** Each tier's rows; whoever draws a column mounts its `element`. */
export const columns = byTier(
  tier =>
    new Column({
      tier,
      title: TITLES[tier],
      topic: client.topic(tier),
      painter,
      announcer,
      loadOlder: ({ beforeSeq }) => loadOlder(tier, beforeSeq),
    }),
);

/** What each column knows of itself, as it changes. */
export const facts: Record<Tier, ReadonlySignal<ColumnFacts>> = byTier(tier => {
  const made = signal(columns[tier].facts);
  columns[tier].onFacts(told => {
    made.value = told;
  });
  return made;
});

/** The row under the cursor of the column that was used last. */
export const selected: Signal<{ tier: Tier; entry: PatternEntry } | null> = signal(null);
/** Whether only what is related to the selected row is shown. */
export const isRelatedOnly = signal(false);
/** Whether every column stands still (WCAG 2.2.2); what comes in meanwhile is kept. */
export const isPaused = signal(false);

/** Ends every hold of a column, its toggle included, and shows the newest. */
export function resume(tier: Tier): void {
  changeColumn(tier, { isHeld: false });
  columns[tier].resume();
}

/** Lets the columns follow what the page is set to. Called once, when the address has been read. */
export function connectColumns(): void {
  for (const tier of TIERS) connect(tier);
}

function connect(tier: Tier): void {
  const column = columns[tier];
  effect(() => column.subscribe(activeSubscriptions(tiers[tier].subscriptions.value)));
  effect(() => column.setView(columnSettings[tier].value.view));
  effect(() => column.setHold(columnSettings[tier].value.isHeld));
  effect(() => column.setPaused(isPaused.value));
  effect(() => column.setDensity(device.value === 'phone' ? 'phone' : density.value));
  effect(() => column.setClock(clock.value));
  effect(() => column.setVisible(isShown(tier)));
  const hides = computed(() => {
    const local = tiers[tier].local.value;
    const nowMs = local.maxAgeMs === null ? 0 : now.value - (now.value % agePeriodMs(local.maxAgeMs)) - clockOffsetMs();
    if (local.starredOnly) stars.value;
    return hidesOf(local, { isStarred, nowMs });
  });
  effect(() => column.setHidden(hides.value));
  effect(() => {
    // Read here, so that a change of either has the rows drawn anew.
    stars.value;
    mutes.value;
    column.setMarks({ isStarred, isMuted });
  });
  effect(() =>
    column.setMarket({ calendar: calendar.value, isStreaming: producer.value.session?.state === 'started' }),
  );
  effect(() => {
    const chosen = selected.value;
    const isOnly = isRelatedOnly.value;
    // In its own column a row's relations are the other rows of its symbol: outlining those tells nothing new.
    if (!chosen || (chosen.tier === tier && !isOnly)) column.setRelated(null);
    else column.setRelated(event => relates(chosen.entry.event, event), isOnly);
  });
  column.on('cursor', entry => {
    batch(() => {
      if (entry) selected.value = { tier, entry };
      else if (selected.peek()?.tier === tier) selected.value = null;
      if (!selected.peek()) isRelatedOnly.value = false;
    });
  });
}

async function loadOlder(tier: Tier, beforeSeq: number) {
  const filters = activeSubscriptions(tiers[tier].subscriptions.peek()).map(({ filter }) => filter);
  const [only] = filters.length === 1 ? filters : [];
  const { patterns, metadata } = await getPatterns(tier, {
    // What any of several subscriptions wants cannot be asked for at once, but for the least confidence.
    ...(only?.symbols && { symbols: only.symbols }),
    ...(only?.pattern_types && { pattern_types: only.pattern_types }),
    confidence_min: Math.min(1, ...filters.map(filter => filter.confidence_min ?? 0)),
    limit: OLDER_PAGE,
    before_seq: beforeSeq,
  });
  return { events: patterns, nextBeforeSeq: metadata.next_before_seq };
}

function byTier<T>(make: (tier: Tier) => T): Record<Tier, T> {
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
