import { batch, computed, effect, untracked } from '@preact/signals';
import type { PatternEvent } from '../../shared/events.ts';
import { TIERS, type Tier } from '../../shared/topics.ts';
import { Column } from '../live/column.ts';
import { relates } from '../live/cross-tier.ts';
import { getPatterns } from './api.ts';
import { active, device, isShown } from './column/arrangement.ts';
import { client } from './connection.ts';
import { agePeriodMs, hidesOf } from './filter/local.ts';
import { loadVocabulary, sectors } from './filter/seen.ts';
import { withUniverses } from './filter/universe-marks.ts';
import { sentFilter } from './filter/universes.ts';
import { calendar } from './header/market.ts';
import { clockOffsetMs, producer } from './header/producer.ts';
import { now } from './now.ts';
import { announcer, byTier, facts, isPaused, isRelatedOnly, painter, selected } from './page-state.ts';
import { isLive } from './pages/place.ts';
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
  effect(() => {
    const wanted = activeSubscriptions(tiers[tier].subscriptions.value);
    column.subscribe(wanted.map(({ id, filter }) => ({ id, filter: sentFilter(filter) })));
  });
  effect(() => column.setView(columnSettings[tier].value.view));
  effect(() => column.setHold(columnSettings[tier].value.isHeld));
  effect(() => column.setPaused(isPaused.value));
  effect(() => column.setDensity(device.value === 'phone' ? 'phone' : density.value));
  effect(() => column.setClock(clock.value));
  effect(() => column.setVisible(isLive.value && isShown(tier)));
  // Another value only once in its period, so that not everything that is kept is looked at each second.
  const agedAtMs = computed(() => {
    const { maxAgeMs } = tiers[tier].local.value;
    return maxAgeMs === null ? 0 : now.value - (now.value % agePeriodMs(maxAgeMs));
  });
  const hides = computed(() => {
    const local = tiers[tier].local.value;
    if (local.starredOnly) stars.value;
    if (local.sectors.length > 0) void loadVocabulary();
    return hidesOf(local, { isStarred, sectorOf: sectors.value, nowMs: agedAtMs.value - clockOffsetMs() });
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
  const afterPaint = laterOnce();
  effect(() => {
    const chosen = selected.value;
    const isOnly = isRelatedOnly.value;
    // In its own column a row's relations are the other rows of its symbol: outlining those tells nothing new.
    const relation =
      !chosen || (chosen.tier === tier && !isOnly) ? null : (event: PatternEvent) => relates(chosen.entry.event, event);
    const apply = () => untracked(() => column.setRelated(relation, isOnly));
    // The column that somebody is in answers first.
    if (tier === active.peek()) apply();
    else afterPaint(apply);
  });
  let key: string | null = null;
  column.on('cursor', entry => {
    const isRenewed = entry !== null && entry.key === key;
    key = entry?.key ?? null;
    // A row that has fired again is not chosen by that.
    if (isRenewed && selected.peek()?.tier !== tier) return;
    batch(() => {
      if (entry) selected.value = { tier, entry };
      else if (selected.peek()?.tier === tier) selected.value = null;
      if (!selected.peek()) isRelatedOnly.value = false;
    });
  });
}

/** Runs the last of what it is given once the next frame is painted. */
function laterOnce(): (run: () => void) => void {
  let next: (() => void) | null = null;
  return run => {
    const isWaiting = next !== null;
    next = run;
    if (isWaiting) return;
    requestAnimationFrame(() =>
      setTimeout(() => {
        const due = next!;
        next = null;
        due();
      }),
    );
  };
}

async function loadOlder(tier: Tier, beforeSeq: number) {
  const filters = activeSubscriptions(tiers[tier].subscriptions.peek()).map(({ filter }) => filter);
  const [only] = filters.length === 1 ? filters : [];
  const { patterns, metadata } = await getPatterns(
    tier,
    withUniverses({
      // What any of several subscriptions wants cannot be asked for at once, but for the least confidence.
      ...(only?.symbols && { symbols: only.symbols }),
      ...(only?.pattern_types && { pattern_types: only.pattern_types }),
      confidence_min: Math.min(1, ...filters.map(filter => filter.confidence_min ?? 0)),
      limit: OLDER_PAGE,
      before_seq: beforeSeq,
    }),
  );
  return { events: patterns, nextBeforeSeq: metadata.next_before_seq };
}
