import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ageWords,
  confidenceWords,
  directionGlyph,
  exchangeTime,
  filterFrom,
  freshnessWords,
  gapWords,
  priceWords,
  stateWords,
  withheldWords,
} from '../../../web/live/words.ts';

const NOW_MS = Date.parse('2026-11-20T19:36:15.000Z');

describe('a connection’s state', () => {
  it.each([
    [{ name: 'connecting', attempt: 0 } as const, 'connecting', 'Connecting'],
    [{ name: 'connecting', attempt: 2 } as const, 'connecting', 'Connecting, attempt 3'],
    [{ name: 'backfilling' } as const, 'backfilling', 'Backfilling'],
    [{ name: 'open' } as const, 'live', 'Live'],
    [
      { name: 'reconnecting', attempt: 1, retryAtMs: NOW_MS + 2_100, reason: 'connection lost' } as const,
      'reconnecting',
      'Reconnecting in 3 s: connection lost',
    ],
    [
      { name: 'reconnecting', attempt: 1, retryAtMs: NOW_MS - 5, reason: 'draining' } as const,
      'reconnecting',
      'Reconnecting in 0 s: draining',
    ],
    [{ name: 'closed', code: 4003, reason: 'not allowed' } as const, 'closed', 'Closed: not allowed (4003)'],
    [{ name: 'closed', code: null, reason: 'closed here' } as const, 'closed', 'Closed: closed here'],
  ])('%j is told in words', (state, name, words) => {
    expect(stateWords(state, NOW_MS)).toMatchObject({ name, words });
  });
});

describe('data', () => {
  it.each([
    ['stale before the first heartbeat', null, true, 'Data stale: no heartbeat yet'],
    ['fresh up to the limit', NOW_MS - 45_000, false, 'Data fresh: heartbeat 45 s ago'],
    ['stale past it', NOW_MS - 48_000, true, 'Data stale: last heartbeat 48 s ago'],
  ])('is %s', (_, lastAtMs, isStale, words) => {
    expect(freshnessWords(lastAtMs, 45_000, NOW_MS)).toEqual({ isStale, words });
  });
});

it.each([
  [-5, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [86_400_000, '1 d'],
])('an age of %i ms is %s', (ms, words) => {
  expect(ageWords(ms)).toBe(words);
});

it.each([
  ['2026-11-20T19:36:15.000Z', '14:36:15 ET'],
  ['2026-11-19T21:05:00.000Z', 'Nov 19 16:05:00 ET'],
  ['2026-07-01T04:00:00.000Z', 'Jul 1 00:00:00 ET'],
  ['nonsense', 'time unknown'],
])('%s is %s on the exchange’s clock', (time, words) => {
  expect(exchangeTime(Date.parse(time), NOW_MS)).toBe(words);
});

it.each([
  [0, '0 %', '▰▱▱▱▱'],
  [0.599, '59 %', '▰▱▱▱▱'],
  [0.6, '60 %', '▰▰▱▱▱'],
  [0.29, '29 %', '▰▱▱▱▱'],
  [0.79, '79 %', '▰▰▰▱▱'],
  [0.895, '89 %', '▰▰▰▰▱'],
  [0.9, '90 %', '▰▰▰▰▰'],
  [1, '100 %', '▰▰▰▰▰'],
])('a confidence of %d is %s %s', (confidence, percent, segments) => {
  expect(confidenceWords(confidence)).toEqual({ percent, segments });
});

it.each([
  ['bullish', 'up', '▲'],
  ['Short', 'down', '▼'],
  ['neutral', 'other', '◆'],
  [null, 'other', '·'],
])('a direction %j is %s %s', (direction, name, glyph) => {
  expect(directionGlyph(direction)).toEqual({ name, glyph });
});

it('a price that was not sent is a dash, never a zero', () => {
  expect([null, 0, 1_234.5, 0.12345].map(priceWords)).toEqual(['–', '0.00', '1,234.50', '0.1235']);
});

it('a gap says from when to when, and why', () => {
  const gap = { from: '2026-11-20T19:30:00.000Z', to: '2026-11-20T19:31:00.000Z' };
  expect(gapWords({ type: 'gap', epoch: 'e', seq: 1, ...gap, reason: 'bridge_absent' }, NOW_MS)).toBe(
    'Gap: events from 14:30:00 ET to 14:31:00 ET may be missing (no bridge was running)',
  );
});

it.each([
  [{ rate_limited: 1, skipped: 0 }, 0, 'Withheld: 1 event not sent, 14:36:15 ET (1 over the rate limit)'],
  [
    { rate_limited: 3, skipped: 2 },
    4_000,
    'Withheld: 5 events not sent, 14:36:11 ET to 14:36:15 ET (3 over the rate limit, 2 skipped because this page read slowly)',
  ],
])('what is withheld says how much, when and why: %j', (counts, spanMs, words) => {
  expect(withheldWords(counts, { fromMs: NOW_MS - spanMs, toMs: NOW_MS }, NOW_MS)).toBe(words);
});

describe('the filter box', () => {
  it.each([
    ['', '', {}],
    ['  ', '0', {}],
    ['aapl, brk.b;NVDA  tsla', '', { symbols: ['AAPL', 'BRK.B', 'NVDA', 'TSLA'] }],
    ['', '70', { confidence_min: 0.7 }],
    ['', '170', { confidence_min: 1 }],
    ['', '-3', {}],
    ['', 'x', {}],
  ])('%j and %j', (symbols, confidence, filter) => {
    expect(filterFrom(symbols, confidence)).toEqual(filter);
  });

  it('never makes a filter that the protocol refuses for its form', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (symbols, confidence) => {
        const { symbols: wanted = [], confidence_min = 0 } = filterFrom(symbols, confidence);
        expect(wanted.every(symbol => symbol.length > 0)).toBe(true);
        expect(confidence_min >= 0 && confidence_min <= 1).toBe(true);
      }),
    );
  });
});
