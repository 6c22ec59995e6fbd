import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionAt } from '../../../web/live/calendar.ts';
import { marketSessionAt } from '../../../workers/core/calendar.ts';
import { exchangeCalendar } from '../../../workers/core/exchange-calendar.ts';

const at = (iso: string) => Date.parse(iso);
const calendar = exchangeCalendar(at('2026-11-20T12:00:00Z'));
const moment = (ms: number | null | undefined) => (ms == null ? ms : new Date(ms).toISOString().slice(0, 16));

describe('the session', () => {
  it.each([
    ['2026-11-20T08:59:59Z', 'closed', 'pre_market', '2026-11-20T09:00'],
    ['2026-11-20T09:00:00Z', 'pre_market', 'regular', '2026-11-20T14:30'],
    ['2026-11-20T14:30:00Z', 'regular', 'post_market', '2026-11-20T21:00'],
    ['2026-11-20T21:00:00Z', 'post_market', 'closed', '2026-11-21T01:00'],
    ['2026-11-21T01:00:00Z', 'closed', 'pre_market', '2026-11-23T09:00'],
    ['2026-11-26T15:00:00Z', 'closed', 'pre_market', '2026-11-27T09:00'],
    ['2026-11-27T17:59:59Z', 'regular', 'post_market', '2026-11-27T18:00'],
    ['2026-11-27T22:00:00Z', 'closed', 'pre_market', '2026-11-30T09:00'],
  ])('at %s is %s, and %s comes at %4$s', (now, session, next, changes) => {
    const told = sessionAt(calendar, at(now))!;
    expect([told.session, told.next, moment(told.changesAtMs)]).toEqual([session, next, changes]);
  });

  it('opens next across a weekend, a holiday and a change of clocks', () => {
    const opens = (now: string) => moment(sessionAt(calendar, at(now))!.opensAtMs);
    expect(opens('2026-11-25T22:00:00Z')).toBe('2026-11-27T14:30');
    // Clocks go forward on 2026-03-08 and back on 2026-11-01, both Sundays.
    expect(opens('2026-03-06T22:00:00Z')).toBe('2026-03-09T13:30');
    expect(opens('2026-10-30T21:00:00Z')).toBe('2026-11-02T14:30');
    expect(opens('2026-12-24T18:30:00Z')).toBe('2026-12-28T14:30');
  });

  it('names today’s opening while it is ahead or under way', () => {
    const told = (now: string) => sessionAt(calendar, at(now))!;
    expect(moment(told('2026-11-20T10:00:00Z').opensAtMs)).toBe('2026-11-20T14:30');
    expect(moment(told('2026-11-20T15:00:00Z').opensAtMs)).toBe('2026-11-20T14:30');
    expect(moment(told('2026-11-20T15:00:00Z').closesAtMs)).toBe('2026-11-20T21:00');
    expect(told('2026-11-20T10:00:00Z').closesAtMs).toBeNull();
    expect(moment(told('2026-11-20T21:00:00Z').opensAtMs)).toBe('2026-11-23T14:30');
  });

  it('remembers when regular trading ended last', () => {
    const closed = (now: string) => moment(sessionAt(calendar, at(now))!.closedAtMs);
    expect(closed('2026-11-20T20:59:59Z')).toBe('2026-11-19T21:00');
    expect(closed('2026-11-20T21:00:00Z')).toBe('2026-11-20T21:00');
    expect(closed('2026-11-30T12:00:00Z')).toBe('2026-11-27T18:00');
  });

  it('says why a day is off or short', () => {
    expect(sessionAt(calendar, at('2026-11-26T15:00:00Z'))).toMatchObject({
      holiday: 'Thanksgiving Day',
      halfDay: null,
    });
    expect(sessionAt(calendar, at('2026-11-27T15:00:00Z'))).toMatchObject({
      holiday: null,
      halfDay: 'Day after Thanksgiving',
    });
  });

  it('is not known outside the calendar, and what comes next not at its end', () => {
    expect(sessionAt(calendar, at('2028-01-03T15:00:00Z'))).toBeNull();
    expect(sessionAt(calendar, at('2024-12-31T15:00:00Z'))).toBeNull();
    const last = sessionAt(calendar, at('2028-01-01T02:00:00Z'))!;
    expect(last).toMatchObject({ session: 'closed', next: null, changesAtMs: null, opensAtMs: null });
    expect(sessionAt(calendar, at('2025-01-01T15:00:00Z'))!.closedAtMs).toBeNull();
  });

  it('is none on a weekday without trading, and one on every other', () => {
    const inTelAviv = { ...calendar, trading_weekdays: [7, 1, 2, 3, 4] };
    const sessionOn = (date: string) => sessionAt(inTelAviv, at(`${date}T15:00:00Z`))!.session;
    expect(sessionOn('2026-11-20')).toBe('closed');
    expect(sessionOn('2026-11-21')).toBe('closed');
    expect(sessionOn('2026-11-22')).toBe('regular');
  });

  it('can last a whole day', () => {
    const sessions = {
      pre_market: { from: '00:00', to: '00:00' },
      regular: { from: '00:00', to: '24:00' },
      post_market: { from: '24:00', to: '24:00' },
    };
    const told = sessionAt({ ...calendar, sessions, half_day_sessions: sessions }, at('2026-11-20T04:59:00Z'))!;
    expect(told.session).toBe('regular');
  });

  const times = fc
    .integer({ min: at('2025-01-02T00:00:00Z') / 1_000, max: at('2027-12-20T00:00:00Z') / 1_000 })
    .map(seconds => seconds * 1_000);

  it('is the one that the server stamps on events, at any time of three years', () => {
    fc.assert(
      fc.property(times, nowMs => {
        expect(sessionAt(calendar, nowMs)!.session).toBe(marketSessionAt(nowMs));
      }),
    );
  });

  it('changes exactly when it says, to what it says', () => {
    fc.assert(
      fc.property(times, nowMs => {
        const { session, next, changesAtMs, opensAtMs, closesAtMs } = sessionAt(calendar, nowMs)!;
        expect(changesAtMs).toBeGreaterThan(nowMs);
        expect(marketSessionAt(changesAtMs! - 1)).toBe(session);
        expect(marketSessionAt(changesAtMs!)).toBe(next);
        expect(marketSessionAt(opensAtMs!)).toBe('regular');
        expect(marketSessionAt(opensAtMs! - 1)).not.toBe('regular');
        if (closesAtMs !== null) expect(closesAtMs).toBe(changesAtMs);
      }),
    );
  });
});
