import { Hono } from 'hono';
import { noParameters } from '../../shared/requests/parameters.ts';
import { exchangeCalendar } from '../core/exchange-calendar.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readQuery } from './parameters.ts';

/** `GET /api/market/calendar`: when the exchanges are open. It changes once a year, or when a closing is announced. */
export const market = new Hono<AppEnv>().get('/calendar', c => {
  readQuery(c, noParameters);
  return c.json(exchangeCalendar(Date.now()), 200, { 'cache-control': 'private, max-age=3600' });
});
