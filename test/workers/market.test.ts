import { describe, expect, it } from 'vitest';
import { exchangeCalendar } from '../../workers/core/exchange-calendar.ts';
import { get } from './support/get.ts';

describe('GET /api/market/calendar', () => {
  it('gives the calendar around today, to be kept for an hour', async () => {
    const answer = await get('/api/market/calendar');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('private, max-age=3600');
    expect(answer.body).toEqual(exchangeCalendar(Date.now()));
  });

  it('refuses a parameter, as it has none', async () => {
    const { status, body } = await get('/api/market/calendar?year=2026');
    expect([status, body.field]).toEqual([400, 'year']);
  });
});
