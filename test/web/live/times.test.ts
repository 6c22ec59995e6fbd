import { describe, expect, it } from 'vitest';
import {
  clockTime,
  dayWords,
  exchangeDate,
  momentWords,
  shortTime,
  weekdayWords,
  zoneWords,
} from '../../../web/live/times.ts';

const AT_MS = Date.parse('2026-11-20T01:36:15Z');

describe('a time', () => {
  it('is told by New York’s clock, where it may be another day', () => {
    expect(clockTime(AT_MS, 'exchange')).toBe('20:36:15');
    expect(shortTime(AT_MS, 'exchange')).toBe('20:36');
    expect(dayWords(AT_MS, 'exchange')).toBe('Nov 19');
    expect(weekdayWords(AT_MS, 'exchange')).toBe('Thu');
    expect(exchangeDate(AT_MS)).toBe('2026-11-19');
  });

  it('is told by this device’s clock when that is asked for', () => {
    const local = new Date(AT_MS);
    const two = (n: number) => String(n).padStart(2, '0');
    expect(shortTime(AT_MS, 'local')).toBe(`${two(local.getHours())}:${two(local.getMinutes())}`);
    expect([zoneWords('exchange'), zoneWords('local')]).toEqual(['ET', 'local']);
  });

  it('has its day with it when that is not today', () => {
    expect(momentWords(AT_MS, AT_MS + 3_600_000, 'exchange')).toBe('20:36:15');
    expect(momentWords(AT_MS, AT_MS + 86_400_000, 'exchange')).toBe('Nov 19 20:36');
  });

  it('that is none is a dash', () => {
    expect(clockTime(Number.NaN, 'exchange')).toBe('–');
  });

  it('at midnight is 00, not 24', () => {
    expect(clockTime(Date.parse('2026-11-20T05:00:00Z'), 'exchange')).toBe('00:00:00');
  });
});
