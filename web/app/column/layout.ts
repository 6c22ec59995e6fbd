import { TIERS, type Tier } from '../../../shared/topics.ts';

/** How much room there is: three columns, two, or one. */
export type Device = 'desktop' | 'tablet' | 'phone';

/** From these widths on, in CSS pixels; `columns.css` and `header.css` have the same. */
export const TABLET_PX = 768;
export const DESKTOP_PX = 1_200;

const ROOM: Record<Device, number> = { desktop: 3, tablet: 2, phone: 1 };

/**
 * Which columns are drawn: as many as there is room for, of those that are not collapsed the most recently used. At
 * least one is. On a phone nothing can be collapsed.
 * @param recent all tiers, the most recently used first
 */
export function shownTiers(
  device: Device,
  recent: readonly Tier[],
  isCollapsed: (tier: Tier) => boolean,
): readonly Tier[] {
  const open = device === 'phone' ? recent : recent.filter(tier => !isCollapsed(tier));
  const shown = (open.length > 0 ? open : recent.slice(0, 1)).slice(0, ROOM[device]);
  return TIERS.filter(tier => shown.includes(tier));
}

/** Least width of a column, in CSS pixels, while another is widened. */
export const LEAST_COLUMN_PX = 280;

/**
 * The shares of two neighbours after the line between them has moved by `byPx` (right when positive). Together they
 * keep what they had; neither becomes narrower than `LEAST_COLUMN_PX`, unless there is no room for two of that.
 * @param shares of the left and the right one
 * @param widthPx of both together
 */
export function moveLine(
  shares: readonly [number, number],
  widthPx: number,
  byPx: number,
): readonly [left: number, right: number] {
  const sum = shares[0] + shares[1];
  if (widthPx <= 0) return shares;
  const leastPx = Math.min(LEAST_COLUMN_PX, widthPx / 2);
  const leftPx = (shares[0] / sum) * widthPx + byPx;
  const left = (Math.min(Math.max(leftPx, leastPx), widthPx - leastPx) / widthPx) * sum;
  return [left, sum - left];
}

/** How much of both the left one has, in whole percent. */
export function leftPercent([left, right]: readonly [number, number]): number {
  return Math.round((left / (left + right)) * 100);
}

/** The columns as CSS grid tracks: shown ones by their shares, the others as rails of 40 px; lines of 8 px between. */
export function gridTracks(shown: readonly Tier[], share: (tier: Tier) => number): string {
  return TIERS.map(tier => (shown.includes(tier) ? `minmax(0, ${share(tier)}fr)` : '40px')).join(' 8px ');
}
