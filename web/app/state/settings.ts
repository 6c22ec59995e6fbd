import type { Signal } from '@preact/signals';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import type { View } from '../../live/facts.ts';
import type { Clock } from '../../live/times.ts';
import { flag, oneOf, stored } from './stored.ts';

export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];
/** How up and down are coloured: the default tells them apart for every kind of colour vision. */
export const PALETTES = ['default', 'western', 'east_asian'] as const;
export type Palette = (typeof PALETTES)[number];
export const DENSITIES = ['default', 'compact'] as const;
export type Density = (typeof DENSITIES)[number];
export const CLOCKS = ['exchange', 'local'] as const satisfies readonly Clock[];
export const VIEWS = ['stream', 'grouped', 'top'] as const satisfies readonly View[];
export type { Clock, View };

/** The keyboard as the user wants it. */
export interface KeySettings {
  /** false = single keys do nothing (WCAG 2.1.4); those with Ctrl or Cmd, and the grid's own, still work. */
  isOn: boolean;
  /** The user's keys by command id; an empty list = none. */
  overrides: Readonly<Record<string, readonly string[]>>;
}

export interface ColumnSettings {
  view: View;
  /** Whether the column is held by its toggle. */
  isHeld: boolean;
  isCollapsed: boolean;
  /** Its share of the width, against the other columns' shares. */
  width: number;
}

/** What the user has not set. */
export const DEFAULTS = {
  theme: 'system' as Theme,
  palette: 'default' as Palette,
  density: 'default' as Density,
  clock: 'exchange' as Clock,
  keys: { isOn: true, overrides: {} } as KeySettings,
};

/** `theme.js` reads this entry too, before the page is drawn. */
export const theme = stored('theme', DEFAULTS.theme, oneOf(THEMES));
export const palette = stored('palette', DEFAULTS.palette, oneOf(PALETTES));
export const density = stored('density', DEFAULTS.density, oneOf(DENSITIES));
/** Which clock stands first. */
export const clock = stored('clock', DEFAULTS.clock, oneOf(CLOCKS));
export const keySettings = stored('keys', DEFAULTS.keys, readKeySettings);
export const isTourSeen = stored('tour_seen', false, flag);

/** Two windows on two screens keep columns of their own. */
export const columnSettings = Object.fromEntries(
  TIERS.map(tier => [tier, stored(`column.${tier}`, defaultColumn(), readColumnSettings, { isShared: false })]),
) as Record<Tier, Signal<ColumnSettings>>;

/** Changes some of a column's settings. */
export function changeColumn(tier: Tier, changes: Partial<ColumnSettings>): void {
  columnSettings[tier].value = { ...columnSettings[tier].peek(), ...changes };
}

/** The settings of the keyboard that `value` holds; undefined if it is something else. */
export function readKeySettings(value: unknown): KeySettings | undefined {
  const { isOn, overrides } = fieldsOf(value);
  if (typeof isOn !== 'boolean' || typeof overrides !== 'object' || overrides === null) return undefined;
  const isKeys = (keys: unknown) => Array.isArray(keys) && keys.every(key => typeof key === 'string');
  return { isOn, overrides: Object.fromEntries(Object.entries(overrides).filter(([, keys]) => isKeys(keys))) };
}

/** A column's settings, each of its own: one that is unusable does not take the others with it. */
export function readColumnSettings(value: unknown): ColumnSettings {
  const fields = fieldsOf(value);
  const fallback = defaultColumn();
  return {
    view: oneOf(VIEWS)(fields.view) ?? fallback.view,
    isHeld: flag(fields.isHeld) ?? fallback.isHeld,
    isCollapsed: flag(fields.isCollapsed) ?? fallback.isCollapsed,
    width: isShare(fields.width) ? fields.width : fallback.width,
  };
}

function defaultColumn(): ColumnSettings {
  return { view: 'grouped', isHeld: false, isCollapsed: false, width: 1 };
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0.2 && value <= 5;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
