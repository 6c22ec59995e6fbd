import { batch, computed, effect } from '@preact/signals';
import { TIERS, type Tier } from '../../shared/topics.ts';
import { Column } from '../live/column.ts';
import { relates } from '../live/cross-tier.ts';
import { getPatterns } from './api.ts';
import { device, isShown } from './column/arrangement.ts';
import { client } from './connection.ts';
import { agePeriodMs, hidesOf } from './filter/local.ts';
import { calendar } from './header/market.ts';
import { clockOffsetMs, producer } from './header/producer.ts';
import { now } from './now.ts';
import { announcer, byTier, facts, isPaused, isRelatedOnly, painter, selected } from './page-state.ts';
import { activeSubscriptions } from './state/filters.ts';
import { isMuted, isStarred, mutes, stars } from './state/marks.ts';
import { changeColumn, clock, columnSettings, density } from './state/settings.ts';
import { tiers } from './state/tiers.ts';
import { TITLES } from './words.ts';

/** Stored events asked for at a time when someone scrolls to the end. */
const OLDER_PAGE = 200;

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

/** Ends every hold of a column, its toggle included, and shows the newest. */
export function resume(tier: Tier): void {
  changeColumn(tier, { isHeld: false });
  columns[tier].resume();
}

/** Lets the columns follow what the page is set to. Called once, when the address has been read. */
export function connectColumns(): void {
  for (const tier of TIERS) connect(tier);
  isPaused.subscribe(sayPaused);
}

let wasPaused = false;

function sayPaused(isPausedNow: boolean): void {
  if (isPausedNow !== wasPaused) announcer.say('Page', isPausedNow ? 'Paused' : 'Going on');
  wasPaused = isPausedNow;
}

function connect(tier: Tier): void {
  const column = columns[tier];
  facts[tier].value = column.facts;
  column.onFacts(told => {
    facts[tier].value = told;
  });
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
