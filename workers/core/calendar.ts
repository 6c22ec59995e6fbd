import type { MarketSession } from '../../shared/events.ts';

const HOUR_MS = 3_600_000;

/** Minutes after midnight in New York. On half days regular trading ends at 13:00 and late trading at 17:00. */
export const SESSION_MINUTES = { pre: 4 * 60, open: 9 * 60 + 30, close: 16 * 60, end: 20 * 60 } as const;
export const HALF_DAY_MINUTES = { close: 13 * 60, end: 17 * 60 } as const;

/** Days of the week on which the exchanges trade unless they are closed. Weekdays are those of ISO 8601: 1 is Monday, 7 Sunday. */
export const TRADING_WEEKDAYS: readonly number[] = [1, 2, 3, 4, 5];

/**
 * The market session of NYSE and Nasdaq at a moment (epoch ms), by New York's clock and the exchanges' holidays.
 * Source: https://www.nyse.com/markets/hours-calendars
 */
export function marketSessionAt(atMs: number): MarketSession {
  const local = new Date(atMs + newYorkOffsetMs(atMs));
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
  const day = tradingDay(exchangeDate(atMs));
  if (day === 'closed') return 'closed';
  const { close, end } = day === 'half' ? HALF_DAY_MINUTES : SESSION_MINUTES;
  if (minute < SESSION_MINUTES.pre || minute >= end) return 'closed';
  if (minute < SESSION_MINUTES.open) return 'pre_market';
  return minute < close ? 'regular' : 'post_market';
}

/** The date (`2026-11-27`) in New York at a moment (epoch ms). */
export function exchangeDate(atMs: number): string {
  return new Date(atMs + newYorkOffsetMs(atMs)).toISOString().slice(0, 10);
}

/** What kind of day a date (`2026-11-27`) is for the exchanges. */
export function tradingDay(date: string): 'full' | 'half' | 'closed' {
  if (!TRADING_WEEKDAYS.includes(weekdayOf(date))) return 'closed';
  const { holidays, halfDays } = exchangeDays(Number(date.slice(0, 4)));
  if (holidays.has(date)) return 'closed';
  return halfDays.has(date) ? 'half' : 'full';
}

/** When regular trading begins on a trading day (`2026-11-27`), in epoch ms. */
export function openingAtMs(date: string): number {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + SESSION_MINUTES.open * 60_000;
  // New York is four or five hours behind, and changes its clocks at night.
  return asUtc - newYorkOffsetMs(asUtc + 5 * HOUR_MS);
}

/** The trading day before a date. */
export function tradingDayBefore(date: string): string {
  const before = addDays(date, -1);
  return tradingDay(before) === 'closed' ? tradingDayBefore(before) : before;
}

/** Days of mourning and storms, which no rule gives. */
const UNSCHEDULED_CLOSINGS = [
  ['2012-10-29', 'Hurricane Sandy'],
  ['2012-10-30', 'Hurricane Sandy'],
  ['2018-12-05', 'National Day of Mourning for George H. W. Bush'],
  ['2025-01-09', 'National Day of Mourning for Jimmy Carter'],
] as const;

/** Date -> name, in no order. */
export interface ExchangeDays {
  /** Weekdays on which the exchanges do not open, unscheduled closings among them. */
  holidays: ReadonlyMap<string, string>;
  halfDays: ReadonlyMap<string, string>;
}

const daysByYear = new Map<number, ExchangeDays>();

/** The days of a year that are not like the others. */
export function exchangeDays(year: number): ExchangeDays {
  const known = daysByYear.get(year);
  if (known) return known;
  const days = reckonExchangeDays(year);
  daysByYear.set(year, days);
  return days;
}

function reckonExchangeDays(year: number): ExchangeDays {
  const thanksgiving = nthWeekday(year, 11, 4, 4);
  const holidays = new Map<string, string>([
    [nthWeekday(year, 1, 1, 3), 'Martin Luther King Jr. Day'],
    [nthWeekday(year, 2, 1, 3), "Washington's Birthday"],
    [addDays(easterSunday(year), -2), 'Good Friday'],
    [lastMonday(year, 5), 'Memorial Day'],
    [observed(`${year}-07-04`), 'Independence Day'],
    [nthWeekday(year, 9, 1, 1), 'Labor Day'],
    [thanksgiving, 'Thanksgiving Day'],
    [observed(`${year}-12-25`), 'Christmas Day'],
  ]);
  // A New Year's Day on a Saturday is not made up for: the Friday before it closes a year's books.
  if (weekdayOf(`${year}-01-01`) !== 6) holidays.set(observed(`${year}-01-01`), "New Year's Day");
  if (year >= 2022) holidays.set(observed(`${year}-06-19`), 'Juneteenth');
  for (const [date, name] of UNSCHEDULED_CLOSINGS) if (date.startsWith(`${year}-`)) holidays.set(date, name);

  const halfDays = new Map<string, string>([[addDays(thanksgiving, 1), 'Day after Thanksgiving']]);
  for (const [date, name] of [
    [`${year}-07-03`, 'Day before Independence Day'],
    [`${year}-12-24`, 'Christmas Eve'],
  ] as const) {
    const weekday = weekdayOf(date);
    if (weekday >= 1 && weekday <= 4) halfDays.set(date, name);
  }
  return { holidays, halfDays };
}

/** Saturday's holidays are kept on Friday, Sunday's on Monday. */
function observed(date: string): string {
  const weekday = weekdayOf(date);
  if (weekday === 6) return addDays(date, -1);
  return weekday === 7 ? addDays(date, 1) : date;
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function isoDate(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

function nthWeekday(year: number, month: number, weekday: number, nth: number): string {
  const first = weekdayOf(isoDate(year, month, 1));
  return isoDate(year, month, 1 + ((weekday - first + 7) % 7) + (nth - 1) * 7);
}

function lastMonday(year: number, month: number): string {
  const last = isoDate(year, month + 1, 0);
  return addDays(last, -(weekdayOf(last) - 1));
}

/** Gregorian Easter, by the algorithm of Meeus, Jones and Butcher. */
function easterSunday(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return isoDate(year, Math.floor(f / 31), (f % 31) + 1);
}

const newYork = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
});
let cachedHour = Number.NaN;
let cachedOffsetMs = 0;

/** New York's offset from UTC; clocks change on full hours of UTC, so one look-up serves an hour of events. */
function newYorkOffsetMs(atMs: number): number {
  const hour = Math.floor(atMs / HOUR_MS);
  if (hour !== cachedHour) {
    const part = Object.fromEntries(
      newYork.formatToParts(hour * HOUR_MS).map(({ type, value }) => [type, Number(value)]),
    );
    cachedOffsetMs = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!) - hour * HOUR_MS;
    cachedHour = hour;
  }
  return cachedOffsetMs;
}
