import { type ExchangeCalendar, exchangeCalendarSchema } from '../../../shared/api/market.ts';
import type { Route } from '../route.ts';

const calendar: ExchangeCalendar = {
  exchange: 'NYSE',
  time_zone: 'America/New_York',
  from: '2025-01-01',
  to: '2027-12-31',
  trading_weekdays: [1, 2, 3, 4, 5],
  sessions: {
    pre_market: { from: '04:00', to: '09:30' },
    regular: { from: '09:30', to: '16:00' },
    post_market: { from: '16:00', to: '20:00' },
  },
  half_day_sessions: {
    pre_market: { from: '04:00', to: '09:30' },
    regular: { from: '09:30', to: '13:00' },
    post_market: { from: '13:00', to: '17:00' },
  },
  holidays: [{ date: '2025-01-01', name: 'New Year’s Day' }],
  half_days: [{ date: '2025-07-03', name: 'Day before Independence Day' }],
};

export const market: Route[] = [
  {
    method: 'get',
    path: '/api/market/calendar',
    tag: 'Reference data',
    access: 'caller',
    kept: true,
    summary: 'When the exchanges trade',
    description:
      'Last year, this year and the next, as New York counts them. Times are New York’s; a session ends just before its ' +
      '`to`. Outside sessions, on other weekdays than `trading_weekdays` (1 is Monday, 7 Sunday) and on `holidays` the ' +
      'exchanges are closed. It may be kept for an hour.',
    answer: {
      name: 'ExchangeCalendar',
      schema: exchangeCalendarSchema,
      example: calendar,
      description: 'The calendar.',
    },
    problems: ['bad_parameter'],
  },
];
