import type { ExchangeCalendar, ExchangeDay, ExchangeSessions } from '../../shared/api/market.ts';
import { exchangeDate, exchangeDays, HALF_DAY_MINUTES, SESSION_MINUTES, TRADING_WEEKDAYS } from './calendar.ts';

/** The calendar of last year, this year and the next, as New York counts them at a moment (epoch ms). */
export function exchangeCalendar(nowMs: number): ExchangeCalendar {
  const year = Number(exchangeDate(nowMs).slice(0, 4));
  const years = [year - 1, year, year + 1].map(exchangeDays);
  return {
    exchange: 'NYSE',
    time_zone: 'America/New_York',
    from: `${year - 1}-01-01`,
    to: `${year + 1}-12-31`,
    trading_weekdays: TRADING_WEEKDAYS,
    sessions: sessionsWith(SESSION_MINUTES),
    half_day_sessions: sessionsWith(HALF_DAY_MINUTES),
    holidays: years.flatMap(({ holidays }) => byDate(holidays)),
    half_days: years.flatMap(({ halfDays }) => byDate(halfDays)),
  };
}

function sessionsWith({ close, end }: { close: number; end: number }): ExchangeSessions {
  const { pre, open } = SESSION_MINUTES;
  return {
    pre_market: { from: clock(pre), to: clock(open) },
    regular: { from: clock(open), to: clock(close) },
    post_market: { from: clock(close), to: clock(end) },
  };
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

function byDate(days: ReadonlyMap<string, string>): ExchangeDay[] {
  return [...days].map(([date, name]) => ({ date, name })).sort((a, b) => (a.date < b.date ? -1 : 1));
}
