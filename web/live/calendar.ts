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
  /** Today's holiday. */
  holiday: string | null;
  /** Why today ends early. */
  halfDay: string | null;
}

/** null when the calendar does not reach to `nowMs`. */
export function sessionAt(_calendar: ExchangeCalendar, _nowMs: number): SessionNow | null {
  return null;
}
