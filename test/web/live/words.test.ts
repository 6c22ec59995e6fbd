import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnState } from '../../../web/live/column-state.ts';
import {
  ageWords,
  changeWords,
  confidenceWords,
  directionWords,
  events,
  percentOf,
  priceWords,
  spanWords,
  stateWords,
} from '../../../web/live/words.ts';

const NOW_MS = Date.parse('2026-11-20T19:36:15Z');
const MINUTE_MS = 60_000;
const context = { title: 'Daily', nowMs: NOW_MS, clock: 'exchange' } as const;

describe('a state in words', () => {
  it.each<[string, ColumnState]>([
    ['Connecting', { name: 'connecting', attempt: 0 }],
    ['Connecting, attempt 3', { name: 'connecting', attempt: 2 }],
    [
      'No Daily patterns match: 1,041 hidden by your local filter, 3 muted',
      { name: 'empty', local: 1_041, muted: 3, unrelated: 0, subscriptions: 1 },
    ],
    [
      'No Daily patterns match: 7 not related to the selection',
      { name: 'empty', local: 0, muted: 0, unrelated: 7, subscriptions: 1 },
    ],
    ['No Daily patterns match the filter', { name: 'empty', local: 0, muted: 0, unrelated: 0, subscriptions: 1 }],
    ['All Daily subscriptions are paused', { name: 'empty', local: 4, muted: 0, unrelated: 0, subscriptions: 0 }],
    [
      'Quiet. Last pattern 14:02:00 ET. Pipeline heartbeat 3 s ago',
      { name: 'quiet', lastEventAtMs: Date.parse('2026-11-20T19:02:00Z'), heartbeatAtMs: NOW_MS - 3_000 },
    ],
    ['Quiet. No pattern yet. No pipeline heartbeat yet', { name: 'quiet', lastEventAtMs: null, heartbeatAtMs: null }],
    [
      'Market closed. Opens Mon 09:30 ET, in 2 d 18 h',
      { name: 'closed_market', opensAtMs: Date.parse('2026-11-23T14:30:00Z'), holiday: null },
    ],
    ['Market closed: Christmas Day', { name: 'closed_market', opensAtMs: null, holiday: 'Christmas Day' }],
    ['Live', { name: 'live' }],
    ['Data 48 s old: no pipeline heartbeat', { name: 'stale', heartbeatAtMs: NOW_MS - 48_000 }],
    ['Data stale: no pipeline heartbeat yet', { name: 'stale', heartbeatAtMs: null }],
    [
      'Connection lost: slow reader. Attempt 2 in 4 s',
      { name: 'reconnecting', attempt: 2, retryAtMs: NOW_MS + 3_100, reason: 'slow reader' },
    ],
    [
      'Connection lost. Attempt 2 in 0 s',
      { name: 'reconnecting', attempt: 2, retryAtMs: NOW_MS - 50, reason: 'connection lost' },
    ],
    [
      'The server is being restarted. Connecting again in 19 s',
      { name: 'reconnecting', attempt: 1, retryAtMs: NOW_MS + 18_750, reason: 'draining' },
    ],
    [
      'Connection lost. Attempt 1 now',
      { name: 'reconnecting', attempt: 1, retryAtMs: null, reason: 'connection lost' },
    ],
    ['Backfilling', { name: 'backfilling', received: 0 }],
    ['Backfilling: 12 events so far', { name: 'backfilling', received: 12 }],
    [
      'Your sign-in has expired (4001). Sign in again',
      { name: 'error', code: 4001, cause: 'Your sign-in has expired', action: 'Sign in again', canRetry: true },
    ],
    [
      'Connection ended. Reload',
      { name: 'error', code: null, cause: 'Connection ended', action: 'Reload', canRetry: true },
    ],
    [
      'Offline since 14:36:05 ET: what is shown stays, nothing new comes',
      { name: 'offline', sinceMs: NOW_MS - 10_000 },
    ],
    ['Offline: what is shown stays, nothing new comes', { name: 'offline', sinceMs: null }],
  ])('is “%s”', (words, state) => {
    expect(stateWords(state, context).words).toBe(words);
  });

  it('has a glyph and a label of its own for each', () => {
    const states: ColumnState[] = [
      { name: 'connecting', attempt: 0 },
      { name: 'empty', local: 0, muted: 0, unrelated: 0, subscriptions: 1 },
      { name: 'quiet', lastEventAtMs: null, heartbeatAtMs: null },
      { name: 'closed_market', opensAtMs: null, holiday: null },
      { name: 'live' },
      { name: 'stale', heartbeatAtMs: null },
      { name: 'reconnecting', attempt: 1, retryAtMs: null, reason: '' },
      { name: 'backfilling', received: 0 },
      { name: 'error', code: null, cause: '', action: '', canRetry: false },
      { name: 'offline', sinceMs: null },
    ];
    for (const part of ['glyph', 'label'] as const) {
      const all = states.map(state => stateWords(state, context)[part]);
      expect(new Set(all).size).toBe(states.length);
    }
  });
});

describe('an age', () => {
  it.each([
    [-5_000, '0 s'],
    [59_999, '59 s'],
    [MINUTE_MS, '1 min'],
    [60 * MINUTE_MS - 1, '59 min'],
    [60 * MINUTE_MS, '1 h'],
    [24 * 60 * MINUTE_MS, '1 d'],
  ])('of %d ms is %s', (ms, words) => {
    expect(ageWords(ms)).toBe(words);
  });
});

describe('a span', () => {
  it.each([
    [1, '1 min'],
    [MINUTE_MS, '1 min'],
    [83 * MINUTE_MS, '1 h 23 min'],
    [60 * MINUTE_MS, '1 h'],
    [51 * 60 * MINUTE_MS, '2 d 3 h'],
    [48 * 60 * MINUTE_MS, '2 d'],
  ])('of %d ms is %s', (ms, words) => {
    expect(spanWords(ms)).toBe(words);
  });
});

describe('a confidence', () => {
  it.each([
    [0.599, '59', 1],
    [0.6, '60', 2],
    [0.699, '69', 2],
    [0.7, '70', 3],
    [0.29, '29', 1],
    [0.8, '80', 4],
    [0.899, '89', 4],
    [0.9, '90', 5],
    [1, '100', 5],
    [0, '0', 1],
  ])('of %d reads %s and fills %d segments', (confidence, percent, band) => {
    expect(confidenceWords(confidence)).toEqual({ percent, band });
  });

  it('never reads as more than it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), n => {
        expect(percentOf(n / 1_000) * 10).toBeLessThanOrEqual(n);
        expect(percentOf(n / 1_000) * 10).toBeGreaterThan(n - 10);
      }),
    );
  });
});

describe('a change of confidence', () => {
  it.each([
    [0, ''],
    [4, ''],
    [-4, ''],
    [5, '+1'],
    [45, '+5'],
    [-120, '−12'],
  ])('of %d thousandths reads “%s”', (change, words) => {
    expect(changeWords(change)).toBe(words);
  });
});

describe('a direction', () => {
  it.each([
    ['bullish', 'up', '▲', 'up'],
    [' Long ', 'up', '▲', 'up'],
    ['bearish', 'down', '▼', 'down'],
    ['SELL', 'down', '▼', 'down'],
    ['neutral', 'other', '◆', 'neutral'],
    ['', 'none', '–', ''],
    [null, 'none', '–', ''],
  ])('%s is %s', (sent, name, glyph, word) => {
    expect(directionWords(sent)).toEqual({ name, glyph, word });
  });
});

describe('numbers', () => {
  it('are told with what belongs to them', () => {
    expect([events(1), events(0), events(1_234)]).toEqual(['1 event', '0 events', '1,234 events']);
    expect([priceWords(1_234.5), priceWords(0.12345), priceWords(7)]).toEqual(['1,234.50', '0.1235', '7.00']);
  });
});
