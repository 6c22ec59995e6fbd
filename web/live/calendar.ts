import type { MarketSession } from '../../shared/events.ts';

/** From and to, on the exchange's clock: `{from: "09:30", to: "16:00"}`. */
interface ClockSpan {
  from: string;
  to: string;
}

type OpenSession = Exclude<MarketSession, 'closed'>;

/** When an exchange trades, as served. Dates are the exchange's, e.g. `2026-11-27`; `to` is the last one told. */
export interface ExchangeCalendar {
  time_zone: string;
  from: string;
  to: string;
  /** 1 is Monday, 7 Sunday. */
  trading_weekdays: readonly number[];
  sessions: Record<OpenSession, ClockSpan>;
  half_day_sessions: Record<OpenSession, ClockSpan>;
  holidays: readonly { date: string; name: string }[];
  half_days: readonly { date: string; name: string }[];
}

/** Where the exchange stands at a moment. Times are epoch milliseconds. */
export interface SessionNow {
  session: MarketSession;
  /** When `next` begins; null when the calendar does not reach so far. */
  changesAtMs: number | null;
  next: MarketSession | null;
  /** When regular trading begins or began: today's while it is ahead or under way, else the next. null as above. */
  opensAtMs: number | null;
  /** When regular trading under way ends; null otherwise. */
  closesAtMs: number | null;
  /** When regular trading ended last; null when the calendar does not reach back so far. */
  closedAtMs: number | null;
  /** Today's holiday. */
  holiday: string | null;
  /** Why today ends early. */
  halfDay: string | null;
}

const SESSIONS = ['pre_market', 'regular', 'post_market'] as const;
/** No closing is as long as this, so that the days around now say all. */
const DAYS_AROUND = 14;

/** null when the calendar does not reach to `nowMs`. */
export function sessionAt(calendar: ExchangeCalendar, nowMs: number): SessionNow | null {
  const today = dateAt(nowMs, calendar.time_zone);
  if (today < calendar.from || today > calendar.to) return null;
  const spans = spansAround(calendar, today);
  const current = spans.find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
  const following = spans.find(({ fromMs }) => fromMs > nowMs);
  const isAdjoining = current !== undefined && current.toMs === following?.fromMs;
  const regular = spans.filter(({ session }) => session === 'regular');
  const underWay = current?.session === 'regular' ? current : null;
  return {
    session: current?.session ?? 'closed',
    changesAtMs: current?.toMs ?? following?.fromMs ?? null,
    next: current && !isAdjoining ? 'closed' : (following?.session ?? null),
    opensAtMs: regular.find(({ toMs }) => toMs > nowMs)?.fromMs ?? null,
    closesAtMs: underWay?.toMs ?? null,
    closedAtMs: regular.findLast(({ toMs }) => toMs <= nowMs)?.toMs ?? null,
    holiday: nameOf(calendar.holidays, today),
    halfDay: nameOf(calendar.half_days, today),
  };
}

interface Span {
  session: OpenSession;
  fromMs: number;
  toMs: number;
}

const known = new WeakMap<ExchangeCalendar, Map<string, Span[]>>();

/** The sessions of the days around one, in order; they are asked for each second and change once a day. */
function spansAround(calendar: ExchangeCalendar, today: string): Span[] {
  const byDay = known.get(calendar) ?? new Map<string, Span[]>();
  known.set(calendar, byDay);
  let spans = byDay.get(today);
  if (!spans) {
    spans = [];
    for (let days = -DAYS_AROUND; days <= DAYS_AROUND; days++) spans.push(...spansOf(calendar, addDays(today, days)));
    byDay.clear();
    byDay.set(today, spans);
  }
  return spans;
}

function spansOf(calendar: ExchangeCalendar, date: string): Span[] {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
  const isTold = calendar.from <= date && date <= calendar.to;
  const isOff = !calendar.trading_weekdays.includes(weekday) || nameOf(calendar.holidays, date) !== null;
  if (!isTold || isOff) return [];
  const clocks = nameOf(calendar.half_days, date) === null ? calendar.sessions : calendar.half_day_sessions;
  return SESSIONS.map(session => ({
    session,
    fromMs: momentOf(date, clocks[session].from, calendar.time_zone),
    toMs: momentOf(date, clocks[session].to, calendar.time_zone),
  }));
}

function nameOf(days: readonly { date: string; name: string }[], date: string): string | null {
  return days.find(day => day.date === date)?.name ?? null;
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** When a zone's clock shows that time on that date. Sessions begin and end at times that every day has once. */
function momentOf(date: string, clock: string, zone: string): number {
  const asUtcMs = Date.parse(`${date}T${clock}:00Z`);
  // The offset at a guess is right unless clocks change in between; from there it is.
  const guessMs = asUtcMs - offsetAt(asUtcMs, zone);
  return asUtcMs - offsetAt(guessMs, zone);
}

function dateAt(atMs: number, zone: string): string {
  return new Date(atMs + offsetAt(atMs, zone)).toISOString().slice(0, 10);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** How far a zone's clock is ahead of UTC. */
function offsetAt(atMs: number, zone: string): number {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  const part = Object.fromEntries(formatter.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const clockMs = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  return clockMs - Math.floor(atMs / 1_000) * 1_000;
}
