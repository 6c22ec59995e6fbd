/** Whose clock times are told by: New York's, where the exchanges are, or this device's. */
export type Clock = 'exchange' | 'local';

export const EXCHANGE_ZONE = 'America/New_York';

/** `14:36:15` */
export function clockTime(atMs: number, clock: Clock): string {
  return format('seconds', atMs, clock);
}

/** `14:36` */
export function shortTime(atMs: number, clock: Clock): string {
  return format('minutes', atMs, clock);
}

/** `Nov 19` */
export function dayWords(atMs: number, clock: Clock): string {
  return format('day', atMs, clock);
}

/** `Mon` */
export function weekdayWords(atMs: number, clock: Clock): string {
  return format('weekday', atMs, clock);
}

/** A day by the exchange's clock: `2026-11-19`. */
export function exchangeDate(atMs: number): string {
  return format('date', atMs, 'exchange');
}

/** `14:36:15`, with the day before it when that is not today: `Nov 19 14:36`. */
export function momentWords(atMs: number, nowMs: number, clock: Clock): string {
  const day = dayWords(atMs, clock);
  return day === dayWords(nowMs, clock) ? clockTime(atMs, clock) : `${day} ${shortTime(atMs, clock)}`;
}

/** What stands after a time so that nobody takes one clock for the other. */
export function zoneWords(clock: Clock): string {
  return clock === 'exchange' ? 'ET' : 'local';
}

const OPTIONS = {
  seconds: ['en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' }],
  minutes: ['en-GB', { hour: '2-digit', minute: '2-digit' }],
  day: ['en-US', { month: 'short', day: 'numeric' }],
  weekday: ['en-US', { weekday: 'short' }],
  date: ['en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' }],
} as const satisfies Record<string, [string, Intl.DateTimeFormatOptions]>;

/** Within so long words stay the same: clocks of all zones differ by quarters of an hour. */
const SAME_MS: Record<keyof typeof OPTIONS, number> = {
  seconds: 1_000,
  minutes: 60_000,
  day: 900_000,
  weekday: 900_000,
  date: 900_000,
};
/** Formatting is slow, and rows say the same times again and again. */
const MAX_KNOWN = 2_000;

const formatters = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, string>();

function format(what: keyof typeof OPTIONS, atMs: number, clock: Clock): string {
  if (!Number.isFinite(atMs)) return '–';
  const key = `${what} ${clock} ${Math.floor(atMs / SAME_MS[what])}`;
  let words = known.get(key);
  if (words === undefined) {
    if (known.size >= MAX_KNOWN) known.clear();
    words = formatAnew(what, atMs, clock);
    known.set(key, words);
  }
  return words;
}

function formatAnew(what: keyof typeof OPTIONS, atMs: number, clock: Clock): string {
  const name = `${what} ${clock}`;
  let formatter = formatters.get(name);
  if (!formatter) {
    const [locale, options] = OPTIONS[what];
    formatter = new Intl.DateTimeFormat(locale, {
      ...options,
      ...(clock === 'exchange' && { timeZone: EXCHANGE_ZONE }),
    });
    formatters.set(name, formatter);
  }
  return formatter.format(atMs);
}
