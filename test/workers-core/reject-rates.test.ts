import { describe, expect, it } from 'vitest';
import { minuteOf, type RejectMinute, rejectRates, riseInWords } from '../../workers/core/reject-rates.ts';

const MINUTE = 60_000;
/** A quarter into a minute. */
const now = 1_000 * MINUTE + 15_000;
const ago = (minutes: number, count: number, changes: Partial<RejectMinute> = {}): RejectMinute => ({
  minute: minuteOf(now) - minutes,
  channel: 'x',
  reason: 'bad_json',
  count,
  ...changes,
});

describe('the rate of rejects', () => {
  it('is that of the last sixty seconds, per reason, of the channel alone', () => {
    const minutes = [ago(0, 3), ago(1, 8), ago(0, 2, { reason: 'bad_shape' }), ago(0, 99, { channel: 'y' })];
    expect(rejectRates(minutes, 'x', 0, now)).toEqual([
      { reason: 'bad_json', perMinute: 3 + 0.75 * 8, beforePerMinute: 0 },
      { reason: 'bad_shape', perMinute: 2, beforePerMinute: 0 },
    ]);
  });

  it('is compared with the half hour before', () => {
    const minutes = [ago(0, 60), ago(2, 30), ago(31, 30), ago(32, 1_000)];
    expect(rejectRates(minutes, 'x', 0, now)).toMatchObject([{ perMinute: 60, beforePerMinute: 2 }]);
  });

  it('is compared with as much as was listened to, and with nothing while that is under five minutes', () => {
    const minutes = [ago(0, 10), ago(3, 20)];
    const since = (minutesAgo: number) => rejectRates(minutes, 'x', now - minutesAgo * MINUTE, now)[0]!.beforePerMinute;
    expect([since(12), since(7), since(6)]).toEqual([2, 4, null]);
    expect(rejectRates(minutes, 'x', null, now)[0]!.beforePerMinute).toBeNull();
  });
});

describe('a rise of rejects', () => {
  const words = (perMinute: number, beforePerMinute: number | null) =>
    riseInWords('x', { reason: 'bad_json', perMinute, beforePerMinute });

  it.each([
    [12, 0.24, 'rejects rose to 12/min on x (bad_json), from 0.2/min'],
    [5, 0, 'rejects rose to 5/min on x (bad_json), from 0/min'],
    [4.9, 0, null],
    [30, 10, 'rejects rose to 30/min on x (bad_json), from 10/min'],
    [29, 10, null],
    [30, null, '30 rejects/min on x (bad_json)'],
    [29, null, null],
  ])('%f/min after %s/min: %s', (perMinute, before, expected) => {
    expect(words(perMinute, before)).toBe(expected);
  });
});
