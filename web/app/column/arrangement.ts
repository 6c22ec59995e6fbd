import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import { mediaQuery } from '../media-query.ts';
import { changeColumn, columnSettings } from '../state/settings.ts';
import { DESKTOP_PX, type Device, shownTiers, TABLET_PX } from './layout.ts';

const isTablet = mediaQuery(`(min-width: ${TABLET_PX}px)`);
const isDesktop = mediaQuery(`(min-width: ${DESKTOP_PX}px)`);

/** How much room the window gives. */
export const device: ReadonlySignal<Device> = computed(() =>
  isDesktop.value ? 'desktop' : isTablet.value ? 'tablet' : 'phone',
);

const recent = signal<readonly Tier[]>(TIERS);

/** The columns that are drawn, from left to right. */
export const shown: ReadonlySignal<readonly Tier[]> = computed(() =>
  shownTiers(device.value, recent.value, tier => columnSettings[tier].value.isCollapsed),
);

/** The column that keys without a column of their own are for: the last used of those that are drawn. */
export const active: ReadonlySignal<Tier> = computed(
  () => recent.value.find(tier => shown.value.includes(tier)) ?? TIERS[0],
);

export function isShown(tier: Tier): boolean {
  return shown.value.includes(tier);
}

/** Makes a column the last used one, which brings it in when there is not room for all. */
export function use(tier: Tier): void {
  if (recent.peek()[0] !== tier) recent.value = [tier, ...recent.peek().filter(other => other !== tier)];
}

/** Shows a column, whatever hides it, and makes it the active one. */
export function show(tier: Tier): void {
  if (columnSettings[tier].peek().isCollapsed) changeColumn(tier, { isCollapsed: false });
  use(tier);
}

/** Makes a column a rail. */
export function collapse(tier: Tier): void {
  changeColumn(tier, { isCollapsed: true });
}

/** Gives two neighbours other shares of the width. */
export function setShares(left: Tier, right: Tier, [leftShare, rightShare]: readonly [number, number]): void {
  batch(() => {
    changeColumn(left, { width: leftShare });
    changeColumn(right, { width: rightShare });
  });
}
