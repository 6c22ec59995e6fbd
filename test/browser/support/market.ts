import type { Page } from '@playwright/test';
import type { ExchangeCalendar } from '../../../shared/api/market.ts';

const DAY_MS = 86_400_000;
const CALENDAR = '**/api/market/calendar';

/**
 * Makes the exchange be in regular trading now: in the calendar that the server answers, the session lasts all day and no
 * day is off. Call it before the page is loaded.
 */
export async function openMarket(page: Page): Promise<void> {
  const allDay = { pre_market: at('00:00', '00:00'), regular: at('00:00', '24:00'), post_market: at('24:00', '24:00') };
  await patchCalendar(page, calendar => ({
    ...calendar,
    trading_weekdays: [1, 2, 3, 4, 5, 6, 7],
    sessions: allDay,
    half_day_sessions: allDay,
    holidays: [],
    half_days: [],
  }));
}

/** Makes the exchange be closed now: in the calendar that the server answers, these days are holidays. */
export async function closeMarket(page: Page): Promise<void> {
  const days = [-1, 0, 1].map(days => newYorkDate(Date.now() + days * DAY_MS));
  await patchCalendar(page, calendar => ({
    ...calendar,
    holidays: [
      ...calendar.holidays.filter(({ date }) => !days.includes(date)),
      ...days.map(date => ({ date, name: 'Day of Rest' })),
    ].sort((a, b) => (a.date < b.date ? -1 : 1)),
  }));
}

async function patchCalendar(page: Page, change: (calendar: ExchangeCalendar) => ExchangeCalendar): Promise<void> {
  const response = await page.request.get('/api/market/calendar');
  const json = change(await response.json());
  await page.unroute(CALENDAR);
  await page.route(CALENDAR, route => route.fulfill({ json }));
}

function at(from: string, to: string): { from: string; to: string } {
  return { from, to };
}

function newYorkDate(atMs: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(atMs);
}
