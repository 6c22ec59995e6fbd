import type { ExchangeCalendar } from '../../live/calendar.ts';
import { EXCHANGE_ZONE } from '../../live/times.ts';

const DATES_AHEAD = 3;

/** The next days on which the exchange does not trade as usual, today included: `{date: "Nov 26", words: "closed: …"}`. */
export function datesAhead(
  { holidays, half_days, half_day_sessions }: Pick<ExchangeCalendar, 'holidays' | 'half_days' | 'half_day_sessions'>,
  nowMs: number,
): { date: string; words: string }[] {
  const today = isoDate.format(nowMs);
  const off = holidays.map(({ date, name }) => ({ date, words: `closed: ${name}` }));
  const short = half_days.map(({ date, name }) => ({
    date,
    words: `closes ${half_day_sessions.regular.to} ET: ${name}`,
  }));
  return [...off, ...short]
    .filter(({ date }) => date >= today)
    .toSorted((a, b) => (a.date < b.date ? -1 : 1))
    .slice(0, DATES_AHEAD)
    .map(({ date, words }) => ({ date: dayOf.format(Date.parse(date)), words }));
}

const isoDate = new Intl.DateTimeFormat('en-CA', { timeZone: EXCHANGE_ZONE });
/** A date without a time is read as midnight UTC. */
const dayOf = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', weekday: 'short', month: 'short', day: 'numeric' });
