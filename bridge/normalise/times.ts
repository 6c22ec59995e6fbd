import type { Levels } from './levels.ts';

/** A time as a producer wrote it. */
export interface SentTime {
  /** Epoch milliseconds, cut (not rounded) to whole ones. */
  ms: number;
  origin: 'zoned' | 'epoch' | 'naive';
  /** Whether `ms` is the very instant that was sent: a zone was given and nothing finer than milliseconds. */
  exact: boolean;
}

const LAST_MS = 253_402_300_799_999; // the end of the year 9999
const numeric = /^\d+(\.\d+)?$/;
const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * Reads epoch seconds (over 1e11: milliseconds), as a number or as text, and ISO 8601, where a missing zone means UTC.
 * Null for anything else, and for 0, which stands for a time that was never set. Both notations cut below the
 * millisecond alike, so that one instant has one reading.
 */
export function readTime(value: unknown): SentTime | null {
  if (typeof value === 'number') return readEpoch(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return numeric.test(text) ? readEpoch(Number(text)) : readIso(text);
}

/** ISO 8601 UTC with milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export interface DetectedTime {
  ms: number;
  origin: 'zoned' | 'epoch' | 'naive' | 'received';
  /** The object that held it; null when nobody did. */
  level: object | null;
  /** The key it was under. */
  key: string | null;
}

/**
 * When it happened: the first readable of `keys`, each looked for from the body outwards before the next; else when
 * the bridge got it.
 */
export function readDetected(levels: Levels, keys: readonly string[], receivedAtMs: number): DetectedTime {
  for (const key of keys) {
    for (const { value } of levels) {
      const time = readTime(value[key]);
      if (time) return { ms: time.ms, origin: time.origin, level: value, key };
    }
  }
  return { ms: receivedAtMs, origin: 'received', level: null, key: null };
}

/** The first readable time, from the body outwards and within a level in the order of `keys`. */
export function readFirstTime(levels: Levels, keys: readonly string[]): number | null {
  for (const { value } of levels) {
    for (const key of keys) {
      const time = readTime(value[key]);
      if (time) return time.ms;
    }
  }
  return null;
}

/** The times that fields of an event tell, in epoch milliseconds; what it has not is undefined or null. */
export interface ToldTimes {
  detected: number;
  published: number | undefined;
  /** By the keys that may tell them and nothing else. */
  others?: Readonly<Record<string, number | null>>;
}

/** Keys that name when something happened or was published. */
const TIME_KEYS = new Set([
  'detection_timestamp',
  'detected_at',
  'bar_timestamp',
  'timestamp',
  'published_at',
  'batch_timestamp',
  'outcome_calculated_at',
  'started_at',
  'start_time',
  'stopped_at',
  'stop_time',
  'ended_at',
  'end_time',
]);

/**
 * Whether a field of the event holds the very same value as a key of the message, or, of a time, the very same instant.
 *
 * @param fields the field that tells a key's value, by key
 */
export function tellsWith(
  event: object,
  fields: ReadonlyMap<string, string>,
  times: ToldTimes,
): (key: string, value: unknown) => boolean {
  return (key, value) => {
    const field = fields.get(key);
    if (field !== undefined) return value !== null && (event as Record<string, unknown>)[field] === value;
    if (times.others && Object.hasOwn(times.others, key)) return tellsTime(value, times.others[key]);
    return TIME_KEYS.has(key) && (tellsTime(value, times.detected) || tellsTime(value, times.published));
  };
}

function tellsTime(value: unknown, ms: number | null | undefined): boolean {
  if (ms === null || ms === undefined) return false;
  const time = readTime(value);
  return time?.exact === true && time.ms === ms;
}

function readEpoch(value: number): SentTime | null {
  if (!(value > 0)) return null;
  const unit = value > 1e11 ? 1_000 : 1_000_000;
  // By way of microseconds: the nearest double to x.123 seconds may lie just below it.
  const micros = Math.round(value * unit);
  const ms = Math.floor(micros / 1_000);
  if (ms > LAST_MS) return null;
  return { ms, origin: 'epoch', exact: ms * 1_000 === micros && micros / unit === value };
}

function readIso(text: string): SentTime | null {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = iso.exec(text) ?? [];
  if (year === undefined) return null;
  const padded = fraction.padEnd(3, '0');
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Impossible dates roll over, and years under 100 are taken for 19xx.
  if (new Date(date).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const time = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + Number(padded.slice(0, 3));
  const ms = date + time - offsetMs(zone);
  if (!(ms > 0 && ms <= LAST_MS)) return null;
  return { ms, origin: zone ? 'zoned' : 'naive', exact: zone !== undefined && /^0*$/.test(padded.slice(3)) };
}

function offsetMs(zone: string | undefined): number {
  if (zone?.[0] !== '+' && zone?.[0] !== '-') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone[0] === '-' ? -minutes : minutes) * 60_000;
}
