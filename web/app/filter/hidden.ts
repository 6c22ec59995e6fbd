import { computed, type ReadonlySignal } from '@preact/signals';
import type { PatternEvent } from '../../../shared/events.ts';
import type { Tier } from '../../../shared/topics.ts';
import { clockOffsetMs } from '../header/producer.ts';
import { now } from '../now.ts';
import { isStarred, stars } from '../state/marks.ts';
import { tiers } from '../state/tiers.ts';
import { agePeriodMs, hidesOf } from './local.ts';

/** What the page hides of a tier's rows, for `Column.setHidden`: anew when filter or stars change, or rows grow too old. */
export const hidden: Record<Tier, ReadonlySignal<((event: PatternEvent) => boolean) | null>> = {
  daily: hiddenIn('daily'),
  intraday: hiddenIn('intraday'),
  combo: hiddenIn('combo'),
};

function hiddenIn(tier: Tier) {
  const { local } = tiers[tier];
  const agedAtMs = computed(() => {
    const { maxAgeMs } = local.value;
    if (maxAgeMs === null) return 0;
    const periodMs = agePeriodMs(maxAgeMs);
    return Math.floor(now.value / periodMs) * periodMs;
  });
  return computed(() => {
    if (local.value.starredOnly) stars.value;
    return hidesOf(local.value, { isStarred, nowMs: agedAtMs.value - clockOffsetMs() });
  });
}
