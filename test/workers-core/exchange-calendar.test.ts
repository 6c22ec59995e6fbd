import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeCalendar } from '../../shared/api/market.ts';
import { marketSessionAt, tradingDay } from '../../workers/core/calendar.ts';
import { exchangeCalendar } from '../../workers/core/exchange-calendar.ts';

const in2026 = exchangeCalendar(Date.parse('2026-11-20T15:00:00Z'));

describe('the exchange calendar', () => {
  it('covers last year, this one and the next, as New York counts them', () => {
    expect([in2026.from, in2026.to]).toEqual(['2025-01-01', '2027-12-31']);
    expect(exchangeCalendar(Date.parse('2027-01-01T04:59:59Z')).from).toBe('2025-01-01');
    expect(exchangeCalendar(Date.parse('2027-01-01T05:00:00Z')).from).toBe('2026-01-01');
  });

  it("says the sessions of full and half days by New York's clock", () => {
    const pre_market = { from: '04:00', to: '09:30' };
    expect(in2026.sessions).toEqual({
      pre_market,
      regular: { from: '09:30', to: '16:00' },
      post_market: { from: '16:00', to: '20:00' },
    });
    expect(in2026.half_day_sessions).toEqual({
      pre_market,
      regular: { from: '09:30', to: '13:00' },
      post_market: { from: '13:00', to: '17:00' },
    });
  });

  it('names each day and has them in order, closings that no rule gives among them', () => {
    expect(in2026.holidays.slice(0, 3)).toEqual([
      { date: '2025-01-01', name: "New Year's Day" },
      { date: '2025-01-09', name: 'National Day of Mourning for Jimmy Carter' },
      { date: '2025-01-20', name: 'Martin Luther King Jr. Day' },
    ]);
    expect(in2026.half_days).toEqual([
      { date: '2025-07-03', name: 'Day before Independence Day' },
      { date: '2025-11-28', name: 'Day after Thanksgiving' },
      { date: '2025-12-24', name: 'Christmas Eve' },
      { date: '2026-11-27', name: 'Day after Thanksgiving' },
      { date: '2026-12-24', name: 'Christmas Eve' },
      { date: '2027-11-26', name: 'Day after Thanksgiving' },
    ]);
    for (const { holidays, half_days } of [in2026, exchangeCalendar(Date.parse('2012-06-01T12:00:00Z'))]) {
      for (const days of [holidays, half_days]) {
        const dates = days.map(({ date }) => date);
        expect(dates).toEqual([...new Set(dates)].sort());
      }
    }
  });

  it('lists exactly the weekdays that are closed or short', () => {
    const days: Record<string, string[]> = { closed: [], half: [], full: [] };
    for (let atMs = Date.parse(in2026.from); atMs <= Date.parse(in2026.to); atMs += 86_400_000) {
      const date = new Date(atMs).toISOString().slice(0, 10);
      if (weekdayOf(date) < 6) days[tradingDay(date)]!.push(date);
    }
    expect(in2026.holidays.map(({ date }) => date)).toEqual(days.closed);
    expect(in2026.half_days.map(({ date }) => date)).toEqual(days.half);
  });

  it('tells a client at every moment it covers what the hubs reckon', () => {
    const anyMoment = fc.integer({ min: Date.parse('2025-01-02T00:00:00Z'), max: Date.parse('2027-12-31T00:00:00Z') });
    fc.assert(
      fc.property(anyMoment, atMs => {
        expect(sessionBy(in2026, atMs)).toBe(marketSessionAt(atMs));
      }),
      { numRuns: 2_000 },
    );
  });
});

const newYork = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** As somebody reads it who has nothing but the document. */
function sessionBy(calendar: ExchangeCalendar, atMs: number): string {
  const [date, time] = newYork.format(atMs).split(', ') as [string, string];
  const isListed = (days: { date: string }[]) => days.some(day => day.date === date);
  if (!calendar.trading_weekdays.includes(weekdayOf(date)) || isListed(calendar.holidays)) return 'closed';
  const sessions = isListed(calendar.half_days) ? calendar.half_day_sessions : calendar.sessions;
  const found = Object.entries(sessions).find(([, { from, to }]) => from <= time && time < to);
  return found?.[0] ?? 'closed';
}

/** 1 is Monday, 7 Sunday. */
function weekdayOf(date: string): number {
  return new Date(`${date}T12:00:00Z`).getUTCDay() || 7;
}
