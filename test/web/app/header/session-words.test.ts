import { describe, expect, it } from 'vitest';
import { datesAhead } from '../../../../web/app/header/dates-ahead.ts';
import { sessionWords } from '../../../../web/app/header/session-words.ts';
import type { SessionNow } from '../../../../web/live/calendar.ts';

const AT = Date.parse('2026-11-20T19:36:15.000Z');
const nothing: SessionNow = {
  session: 'closed',
  changesAtMs: null,
  next: null,
  opensAtMs: null,
  closesAtMs: null,
  closedAtMs: null,
  holiday: null,
  halfDay: null,
};
const words = (changes: Partial<SessionNow>) => sessionWords('NYSE', { ...nothing, ...changes }, AT);

describe('where the exchange stands', () => {
  it('is open until it closes', () => {
    expect(words({ session: 'regular', opensAtMs: AT - 1, closesAtMs: AT + 5_025_000 })).toEqual({
      name: 'NYSE open',
      change: 'closes in 1:23:45',
      why: null,
    });
  });
  it('is closed until it opens, and why', () => {
    expect(words({ opensAtMs: AT + 60_000, holiday: 'Thanksgiving Day' })).toEqual({
      name: 'NYSE closed',
      change: 'opens in 1:00',
      why: 'Thanksgiving Day',
    });
  });
  it('has hours before and after', () => {
    expect(words({ session: 'pre_market', opensAtMs: AT + 1_000 }).name).toBe('NYSE pre-market');
    expect(words({ session: 'post_market', opensAtMs: AT + 1_000 }).name).toBe('NYSE after hours');
  });
  it('closes early on some days, and why', () => {
    const early = words({ session: 'regular', closesAtMs: AT + 1_000, halfDay: 'day after Thanksgiving' });
    expect(early.why).toBe('closes early: day after Thanksgiving');
  });
  it('leaves out what the calendar does not tell', () => {
    expect(words({})).toEqual({ name: 'NYSE closed', change: '', why: null });
  });
});

describe('the dates ahead', () => {
  const span = { from: '09:30', to: '13:00' };
  const calendar = {
    holidays: [
      { date: '2026-01-01', name: 'New Year’s Day' },
      { date: '2026-11-26', name: 'Thanksgiving Day' },
      { date: '2026-12-25', name: 'Christmas Day' },
      { date: '2027-01-01', name: 'New Year’s Day' },
    ],
    half_days: [{ date: '2026-11-27', name: 'day after Thanksgiving' }],
    half_day_sessions: { pre_market: span, regular: span, post_market: span },
  };
  it('are the next unusual days, the nearest first', () => {
    expect(datesAhead(calendar, AT)).toEqual([
      { date: 'Thu, Nov 26', words: 'closed: Thanksgiving Day' },
      { date: 'Fri, Nov 27', words: 'closes 13:00 ET: day after Thanksgiving' },
      { date: 'Fri, Dec 25', words: 'closed: Christmas Day' },
    ]);
  });
  it('begin with today, by the exchange’s date', () => {
    const lateInNewYork = Date.parse('2026-11-27T04:30:00.000Z');
    expect(datesAhead(calendar, lateInNewYork)[0]!.date).toBe('Thu, Nov 26');
  });
});
