import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { MarketSession } from '../../shared/events.ts';
import { marketSessionAt, tradingDay } from '../../workers/core/calendar.ts';

/** As the exchange published them: https://www.nyse.com/markets/hours-calendars */
const HOLIDAYS: Record<number, string[]> = {
  2024: ['01-01', '01-15', '02-19', '03-29', '05-27', '06-19', '07-04', '09-02', '11-28', '12-25'],
  2025: ['01-01', '01-09', '01-20', '02-17', '04-18', '05-26', '06-19', '07-04', '09-01', '11-27', '12-25'],
  2026: ['01-01', '01-19', '02-16', '04-03', '05-25', '06-19', '07-03', '09-07', '11-26', '12-25'],
  2027: ['01-01', '01-18', '02-15', '03-26', '05-31', '06-18', '07-05', '09-06', '11-25', '12-24'],
};
const HALF_DAYS: Record<number, string[]> = {
  2024: ['07-03', '11-29', '12-24'],
  2025: ['07-03', '11-28', '12-24'],
  2026: ['11-27', '12-24'],
  2027: ['11-26'],
};

describe.each([2024, 2025, 2026, 2027])('%i, every day of it', year => {
  const weekdays = datesOf(year).filter(date => !isWeekend(date));

  it('is closed on exactly the holidays', () => {
    expect(weekdays.filter(date => tradingDay(date) === 'closed')).toEqual(inYear(year, HOLIDAYS));
  });

  it('is short on exactly the half days', () => {
    expect(weekdays.filter(date => tradingDay(date) === 'half')).toEqual(inYear(year, HALF_DAYS));
  });

  it('is closed on weekends', () => {
    expect(
      datesOf(year)
        .filter(isWeekend)
        .every(date => tradingDay(date) === 'closed'),
    ).toBe(true);
  });
});

describe('the exchange was open on as many days as it says', () => {
  it.each([
    [2012, 250],
    [2018, 251],
    [2019, 252],
    [2020, 253],
    [2021, 252],
    [2022, 251],
    [2023, 250],
    [2024, 252],
    [2025, 250],
    [2026, 251],
  ])('%i: %i', (year, days) => {
    expect(datesOf(year).filter(date => tradingDay(date) !== 'closed')).toHaveLength(days);
  });
});

describe('rules and their exceptions', () => {
  it.each([
    ['2000-04-21', 'closed', 'Good Friday'],
    ['2008-03-21', 'closed', 'Good Friday, nearly as early as it can be'],
    ['2011-04-22', 'closed', 'Good Friday, nearly as late as it can be'],
    ['2021-04-02', 'closed', 'Good Friday'],
    ['2023-04-07', 'closed', 'Good Friday'],
    ['2023-04-10', 'full', 'Easter Monday'],
    ['2021-06-18', 'full', 'Juneteenth on a Saturday, before the exchange kept it'],
    ['2020-06-19', 'full', 'Juneteenth, before the exchange kept it'],
    ['2022-06-20', 'closed', 'Juneteenth on a Sunday'],
    ['2023-06-19', 'closed', 'Juneteenth'],
    ['2021-12-31', 'full', "before a New Year's Day on a Saturday"],
    ['2022-01-03', 'full', "after a New Year's Day on a Saturday"],
    ['2010-12-31', 'full', "before a New Year's Day on a Saturday"],
    ['2023-01-02', 'closed', "New Year's Day on a Sunday"],
    ['2022-12-30', 'full', "before a New Year's Day on a Sunday"],
    ['2020-07-03', 'closed', 'Independence Day on a Saturday'],
    ['2020-07-02', 'full', 'before Independence Day kept on a Friday'],
    ['2021-07-05', 'closed', 'Independence Day on a Sunday'],
    ['2021-07-02', 'full', 'before Independence Day kept on a Monday'],
    ['2022-07-01', 'full', 'Friday before Independence Day on a Monday'],
    ['2023-07-03', 'half', 'Monday before Independence Day'],
    ['2019-07-03', 'half', 'Wednesday before Independence Day'],
    ['2021-12-24', 'closed', 'Christmas Day on a Saturday'],
    ['2021-12-23', 'full', 'before Christmas Day kept on a Friday'],
    ['2022-12-26', 'closed', 'Christmas Day on a Sunday'],
    ['2022-12-23', 'full', 'Friday before Christmas Day on a Sunday'],
    ['2018-12-24', 'half', 'Christmas Eve on a Monday'],
    ['2022-11-25', 'half', 'day after Thanksgiving'],
    ['2022-05-30', 'closed', 'Memorial Day'],
    ['2021-05-31', 'closed', 'Memorial Day on the last of May'],
    ['2012-10-29', 'closed', 'Hurricane Sandy'],
    ['2012-10-30', 'closed', 'Hurricane Sandy'],
    ['2012-10-31', 'full', 'after Hurricane Sandy'],
    ['2018-12-05', 'closed', 'mourning for George H. W. Bush'],
    ['2025-01-09', 'closed', 'mourning for Jimmy Carter'],
    ['2025-01-10', 'full', 'after it'],
  ])('%s is %s: %s', (date, day) => {
    expect(tradingDay(date)).toBe(day);
  });
});

type Row = [newYorkTime: string, utc: string, session: MarketSession];
const ROWS: Row[] = [
  ['winter 03:59', '2026-01-14T08:59:59.999Z', 'closed'],
  ['winter 04:00', '2026-01-14T09:00:00.000Z', 'pre_market'],
  ['winter 09:29', '2026-01-14T14:29:59.999Z', 'pre_market'],
  ['winter 09:30', '2026-01-14T14:30:00.000Z', 'regular'],
  ['winter 15:59', '2026-01-14T20:59:59.999Z', 'regular'],
  ['winter 16:00', '2026-01-14T21:00:00.000Z', 'post_market'],
  ['winter 19:59', '2026-01-15T00:59:59.999Z', 'post_market'],
  ['winter 20:00', '2026-01-15T01:00:00.000Z', 'closed'],
  ['summer 03:59', '2026-07-15T07:59:59.999Z', 'closed'],
  ['summer 04:00', '2026-07-15T08:00:00.000Z', 'pre_market'],
  ['summer 09:29', '2026-07-15T13:29:59.999Z', 'pre_market'],
  ['summer 09:30', '2026-07-15T13:30:00.000Z', 'regular'],
  ['summer 15:59', '2026-07-15T19:59:59.999Z', 'regular'],
  ['summer 16:00', '2026-07-15T20:00:00.000Z', 'post_market'],
  ['summer 19:59', '2026-07-15T23:59:59.999Z', 'post_market'],
  ['summer 20:00', '2026-07-16T00:00:00.000Z', 'closed'],
  ['midnight', '2026-07-16T04:00:00.000Z', 'closed'],
  ['Friday before the clocks go forward, 09:29', '2026-03-06T14:29:00.000Z', 'pre_market'],
  ['Friday before the clocks go forward, 09:30', '2026-03-06T14:30:00.000Z', 'regular'],
  ['the Sunday they do', '2026-03-08T15:00:00.000Z', 'closed'],
  ['Monday after, 09:29', '2026-03-09T13:29:00.000Z', 'pre_market'],
  ['Monday after, 09:30', '2026-03-09T13:30:00.000Z', 'regular'],
  ['Friday before the clocks go back, 15:59', '2026-10-30T19:59:00.000Z', 'regular'],
  ['Friday before the clocks go back, 16:00', '2026-10-30T20:00:00.000Z', 'post_market'],
  ['the Sunday they do', '2026-11-01T15:00:00.000Z', 'closed'],
  ['Monday after, 15:59', '2026-11-02T20:59:00.000Z', 'regular'],
  ['Monday after, 16:00', '2026-11-02T21:00:00.000Z', 'post_market'],
  ['half day 09:30', '2026-11-27T14:30:00.000Z', 'regular'],
  ['half day 12:59', '2026-11-27T17:59:59.999Z', 'regular'],
  ['half day 13:00', '2026-11-27T18:00:00.000Z', 'post_market'],
  ['half day 16:59', '2026-11-27T21:59:59.999Z', 'post_market'],
  ['half day 17:00', '2026-11-27T22:00:00.000Z', 'closed'],
  ['half day in summer 12:59', '2025-07-03T16:59:00.000Z', 'regular'],
  ['half day in summer 13:00', '2025-07-03T17:00:00.000Z', 'post_market'],
  ['noon on a holiday', '2026-04-03T16:00:00.000Z', 'closed'],
  ['noon on a Saturday', '2026-07-18T16:00:00.000Z', 'closed'],
  ['Friday evening, Saturday in UTC', '2026-01-16T00:30:00.000Z', 'post_market'],
  ['Sunday evening, Monday in UTC', '2026-01-12T00:30:00.000Z', 'closed'],
  ["New Year's Eve evening, New Year's Day in UTC", '2026-01-01T00:30:00.000Z', 'post_market'],
  ['a day long ago', '1999-11-24T15:00:00.000Z', 'regular'],
];

describe('the market session by New York time', () => {
  it.each(ROWS)('%s (%s) is %s', (_, utc, session) => {
    expect(marketSessionAt(Date.parse(utc))).toBe(session);
  });

  it('is the same whatever was asked before', () => {
    const row = fc.constantFrom(...ROWS);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), rows => {
        for (const [, utc, session] of rows) expect(marketSessionAt(Date.parse(utc))).toBe(session);
      }),
    );
  });

  it("follows New York's wall clock at every moment", () => {
    const anyMoment = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(anyMoment, atMs => {
        const wall = Object.fromEntries(wallClock.formatToParts(atMs).map(({ type, value }) => [type, value]));
        const time = `${wall.hour}:${wall.minute}`;
        const day = tradingDay(`${wall.year}-${wall.month}-${wall.day}`);
        expect(marketSessionAt(atMs)).toBe(sessionAt(day, time));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("a server's own time zone", () => {
  const own = process.env.TZ;
  afterEach(() => {
    if (own === undefined) delete process.env.TZ;
    else process.env.TZ = own;
  });

  it.each([
    ['Pacific/Kiritimati', -840],
    ['Pacific/Pago_Pago', 660],
    ['Asia/Kolkata', -330],
    ['UTC', 0],
  ])('%s changes nothing', (zone, minutes) => {
    process.env.TZ = zone;
    expect(new Date(ROWS[0]![1]).getTimezoneOffset()).toBe(minutes);
    for (const [, utc, session] of ROWS) expect(marketSessionAt(Date.parse(utc))).toBe(session);
    expect(datesOf(2026).filter(date => tradingDay(date) !== 'closed')).toHaveLength(251);
  });
});

const wallClock = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

function sessionAt(day: 'full' | 'half' | 'closed', time: string): MarketSession {
  const [close, end] = day === 'half' ? ['13:00', '17:00'] : ['16:00', '20:00'];
  if (day === 'closed' || time < '04:00' || time >= end!) return 'closed';
  if (time < '09:30') return 'pre_market';
  return time < close! ? 'regular' : 'post_market';
}

function datesOf(year: number): string[] {
  const dates: string[] = [];
  for (let atMs = Date.UTC(year, 0, 1); atMs < Date.UTC(year + 1, 0, 1); atMs += 86_400_000) {
    dates.push(new Date(atMs).toISOString().slice(0, 10));
  }
  return dates;
}

function isWeekend(date: string): boolean {
  return [0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay());
}

function inYear(year: number, days: Record<number, string[]>): string[] {
  return days[year]!.map(day => `${year}-${day}`);
}
