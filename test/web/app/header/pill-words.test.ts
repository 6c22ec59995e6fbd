import { describe, expect, it } from 'vitest';
import { HEARTBEAT_MS } from '../../../../shared/limits.ts';
import { freshnessOf, heartbeatMsOf, linkWords, pillFigure } from '../../../../web/app/header/pill-words.ts';
import type { TopicState } from '../../../../web/client/client.ts';
import type { ColumnState } from '../../../../web/live/column-state.ts';
import type { ColumnFacts } from '../../../../web/live/facts.ts';

const NOW = 1_000_000;
const live: ColumnState = { name: 'live' };
const facts = (changes: Partial<ColumnFacts>) =>
  ({
    topic: { name: 'open' },
    perMinute: 0,
    perSecond: 0,
    heartbeatAtMs: NOW,
    lastEventAtMs: null,
    state: live,
    ...changes,
  }) as ColumnFacts;

describe('how fresh data is', () => {
  it.each([
    ['unknown before the first heartbeat', null, live, 'unknown'],
    ['stale without a heartbeat when the column says so', null, { name: 'stale', heartbeatAtMs: null }, 'stale'],
    ['fresh up to two intervals after one', NOW - 30_000, live, 'fresh'],
    ['stale after that', NOW - 30_001, live, 'stale'],
    ['stale whenever the column says so', NOW, { name: 'stale', heartbeatAtMs: NOW }, 'stale'],
  ] as [string, number | null, ColumnState, string][])('is %s', (_, heartbeatAtMs, state, freshness) => {
    expect(freshnessOf({ heartbeatAtMs, state }, 15_000, NOW)).toBe(freshness);
  });
  it('goes by the interval that the server has told', () => {
    expect(heartbeatMsOf(null)).toBe(HEARTBEAT_MS);
    expect(heartbeatMsOf({ heartbeat_ms: 5_000 })).toBe(5_000);
  });
});

describe('what a connection does', () => {
  it.each<[TopicState, string, string]>([
    [{ name: 'open' }, 'up', 'connected'],
    [{ name: 'backfilling' }, 'up', 'connected, catching up'],
    [{ name: 'connecting', attempt: 0 }, 'waiting', 'connecting'],
    [{ name: 'connecting', attempt: 2 }, 'waiting', 'connecting, attempt 3'],
    [{ name: 'reconnecting', attempt: 1, retryAtMs: NOW + 3_200, reason: 'gone' }, 'down', 'lost, next attempt in 4 s'],
    [{ name: 'reconnecting', attempt: 1, retryAtMs: NOW - 1, reason: 'gone' }, 'down', 'lost, next attempt now'],
    [{ name: 'asleep' }, 'down', 'asleep while nobody looked'],
    [{ name: 'closed', code: 4_003, reason: 'not allowed' }, 'down', 'closed: not allowed'],
  ])('%j', (topic, name, words) => {
    expect(linkWords(topic, NOW)).toEqual({ name, words });
  });
});

describe('a pill’s figure', () => {
  it('is nothing that is not known', () => {
    expect(pillFigure(facts({ heartbeatAtMs: null, perMinute: 12 }), 'unknown', NOW)).toBe('–');
  });
  it('is the age of stale data, never its rate', () => {
    expect(pillFigure(facts({ heartbeatAtMs: NOW - 48_000, perMinute: 12 }), 'stale', NOW)).toBe('48 s old');
    expect(pillFigure(facts({ heartbeatAtMs: null }), 'stale', NOW)).toBe('no data');
  });
  it('is the rate of fresh data while it flows', () => {
    expect(pillFigure(facts({ perMinute: 12 }), 'fresh', NOW)).toBe('12/min');
  });
  it('is no rate while the connection is lost, however fresh the data was', () => {
    const topic: TopicState = { name: 'connecting', attempt: 1 };
    expect(pillFigure(facts({ topic, perMinute: 12, lastEventAtMs: NOW - 5_000 }), 'fresh', NOW)).toBe('5 s ago');
    expect(pillFigure(facts({ topic }), 'fresh', NOW)).toBe('–');
  });
  it('is the age of the newest event while nothing flows', () => {
    expect(pillFigure(facts({ lastEventAtMs: NOW - 180_000 }), 'fresh', NOW)).toBe('3 min ago');
    expect(pillFigure(facts({}), 'fresh', NOW)).toBe('quiet');
  });
});
