import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTime } from '../../../bridge/normalise/times.ts';
import { flat, readPattern } from './support.ts';

const AT = Date.UTC(2024, 8, 5, 11, 10, 0, 123);

describe('reading a time', () => {
  test.each([
    [1725534600.123, AT, 'epoch', true],
    [1725534600123, AT, 'epoch', true],
    ['1725534600.123', AT, 'epoch', false],
    [1725534600.1239, AT, 'epoch', false],
    ['2024-09-05T11:10:00.123Z', AT, 'zoned', true],
    ['2024-09-05T11:10:00.123000Z', AT, 'zoned', true],
    ['2024-09-05T11:10:00.123999+00:00', AT, 'zoned', false],
    ['2024-09-05 07:10:00,123 -0400', AT, 'zoned', true],
    ['2024-09-05T16:40:00.123+05:30', AT, 'zoned', true],
    ['2024-09-05t13:10:00.123+02', AT, 'zoned', true],
    ['2024-09-05 11:10:00.123 UTC', AT, 'zoned', true],
    ['2024-09-05T11:10:00.123456', AT, 'naive', false],
    ['2024-09-05T11:10', AT - 123, 'naive', false],
    ['2024-09-05', Date.UTC(2024, 8, 5), 'naive', false],
  ])('%j', (sent, ms, origin, exact) => {
    const time = readTime(sent);
    expect(time).toMatchObject({ ms, origin });
    if (typeof sent !== 'string' || origin !== 'epoch') expect(time?.exact).toBe(exact);
  });

  test.each([
    0,
    -1,
    Number.NaN,
    1e300,
    '',
    'yesterday',
    '2024-02-30T00:00:00Z',
    '2024-13-01',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:60:00Z',
    '2024-01-01T00:00:60Z',
    '0071-01-01',
    '1960-01-01',
    null,
    true,
    {},
    [1725534600],
  ])('%j is none', sent => {
    expect(readTime(sent)).toBeNull();
  });

  test('one instant has one reading in every notation, to the microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e15, max: 4e15 }), micros => {
        const ms = Math.floor(micros / 1_000);
        const text = `${new Date(ms).toISOString().slice(0, -1)}${String(micros % 1_000).padStart(3, '0')}Z`;
        expect(readTime(micros / 1e6)?.ms).toBe(ms);
        expect(readTime(text)?.ms).toBe(ms);
      }),
    );
  });
});

describe('when a pattern was detected', () => {
  const [a, b, c, d] = [1725534601, 1725534602, 1725534603, 1725534604];
  test.each([
    [{ detection_timestamp: a, detected_at: b, bar_timestamp: c, timestamp: d }, a],
    [{ detected_at: b, bar_timestamp: c, timestamp: d }, b],
    [{ bar_timestamp: c, timestamp: d }, c],
    [{ timestamp: d, published_at: a, batch_timestamp: b }, d],
    [{ detection_timestamp: 'soon', timestamp: d }, d],
    [{ detection_timestamp: null, timestamp: d }, d],
  ])('%j', (times, seconds) => {
    expect(readPattern(flat(Object.assign({ timestamp: undefined }, times))).detected_at).toBe(
      new Date(seconds * 1000).toISOString(),
    );
  });

  test('a detection time outside wins over a mere timestamp inside', () => {
    const event = readPattern({ detection_timestamp: a, data: flat({ timestamp: d }) });
    expect(event.detected_at).toBe(new Date(a * 1000).toISOString());
    expect(event.hops.published_at_ms).toBe(d * 1000);
    expect(event.data).toEqual({});
  });

  test('the outermost timestamp that is not the detection time says when it was published', () => {
    const nested = readPattern({ timestamp: b, data: flat({ timestamp: a }) });
    expect(nested.hops.published_at_ms).toBe(b * 1000);
    expect(readPattern(flat({ detection_timestamp: a, timestamp: b })).hops.published_at_ms).toBe(b * 1000);
    expect(readPattern(flat()).hops).not.toHaveProperty('published_at_ms');
    expect(readPattern({ timestamp: 'x', data: flat() }).hops).not.toHaveProperty('published_at_ms');
    expect(readPattern(flat({ published_at: a, detection_timestamp: c, timestamp: b })).hops.published_at_ms).toBe(
      a * 1000,
    );
  });

  test('what was published is never taken for detected', () => {
    const event = readPattern(flat({ timestamp: undefined, published_at: a, batch_timestamp: b }));
    expect(event).toMatchObject({ time_origin: 'received', detected_at: '2026-11-20T15:30:00.000Z' });
  });

  test('a time stays in data unless a field tells the very instant', () => {
    expect(readPattern(flat({ timestamp: '2024-09-05T11:10:00.123456Z' })).data).toHaveProperty('timestamp');
    expect(readPattern(flat({ timestamp: '2024-09-05T11:10:00' })).data).toHaveProperty('timestamp');
    expect(readPattern(flat({ timestamp: '2024-09-05T13:10:00+02:00' })).data).toEqual({});
  });
});
