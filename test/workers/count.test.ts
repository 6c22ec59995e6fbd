import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Count } from '../../shared/api/patterns.ts';
import type { Event } from '../../shared/events.ts';
import { normaliseFilter } from '../../shared/filter.ts';
import { MAX_SCANNED_ROWS } from '../../shared/limits.ts';
import { type Matchable, matches } from '../../shared/matches.ts';
import { DEFAULT_POLICY } from '../../shared/tier-policy.ts';
import { readCount } from '../../workers/hub/queries.ts';
import { Tape } from '../../workers/hub/tape.ts';
import { filters, matchables } from '../shared/arbitraries.ts';
import { batchOf, ORIGIN, pattern } from './support/events.ts';
import { get } from './support/get.ts';

const NOW_MS = Date.parse('2026-11-20T15:00:00.000Z');
const MINUTE_MS = 60_000;

const daily = () => env.HUB.getByName('daily');

afterEach(reset);

const normalFilters = filters.map(filter => normaliseFilter('daily', filter));

describe('a count', () => {
  it('is of exactly the events that match, as the one definition of matching has it', async () => {
    const views = fc.sample(matchables, 400);
    await withTape(tape => {
      // One a second, so that each window's edge falls onto an event; with gaps between, which are no events.
      views.forEach((view, i) => {
        if (i % 50 === 0) tape.appendGap({ fromMs: 0, toMs: 1, reason: 'redis_disconnected' }, agoMs(views.length - i));
        tape.append(eventOf(view, tape.head + 1, agoMs(views.length - i)), 0, ORIGIN);
      });
      fc.assert(
        fc.property(normalFilters, fc.integer({ min: 1, max: 8 }), (filter, minutes) => {
          const inWindow = views.slice(-minutes * 60 + 1);
          const matching = inWindow.filter(view => matches(filter, view)).length;
          expect(readCount(tape, { filter, minutes }, NOW_MS)).toEqual({
            matching,
            total: inWindow.filter(({ kind }) => matches({ kinds: filter.kinds ?? [] }, { kind })).length,
            per_minute: matching / minutes,
            since: new Date(NOW_MS - minutes * MINUTE_MS).toISOString(),
            complete: true,
          });
        }),
        { numRuns: 1_000 },
      );
    });
  });

  it('looks at no more than 20,000 rows, and gives the rate over as long as they reach back', async () => {
    await withTape((tape, sql) => {
      fill(sql, { rows: 30_000, paceMs: 60 });
      tape.reload();
      const count = (minutes: number) => readCount(tape, { filter: { symbols: ['NVDA'] }, minutes }, NOW_MS);
      const oldestCountedMs = NOW_MS - (MAX_SCANNED_ROWS - 1) * 60;
      expect(count(60)).toEqual({
        matching: MAX_SCANNED_ROWS / 4,
        total: MAX_SCANNED_ROWS,
        per_minute: MAX_SCANNED_ROWS / 4 / ((NOW_MS - oldestCountedMs) / MINUTE_MS),
        since: new Date(oldestCountedMs).toISOString(),
        complete: false,
      });
      expect(count(20)).toMatchObject({ total: 20_000, per_minute: 250, complete: true });
      expect(count(1)).toMatchObject({ matching: 250, total: 1_000, per_minute: 250, complete: true });
    });
  });

  it('says that it does not reach back as far as asked where rows are no longer kept', async () => {
    await withTape((tape, sql) => {
      fill(sql, { rows: 600, paceMs: 1_000 });
      tape.reload();
      tape.trim({ ...DEFAULT_POLICY.daily, max_events: 301 }, NOW_MS);
      const count = (minutes: number) => readCount(tape, { filter: {}, minutes }, NOW_MS);
      expect(count(9)).toMatchObject({ total: 301, per_minute: 60.2, since: iso(300_000), complete: false });
      expect(count(5)).toMatchObject({ total: 300, per_minute: 60, since: iso(300_000), complete: true });
      tape.trim({ ...DEFAULT_POLICY.daily, retention_ms: 1 }, NOW_MS + 1_000);
      expect(count(1)).toEqual({ matching: 0, total: 0, per_minute: 0, since: iso(0), complete: false });
    });
  });

  it('is nothing, of all there ever was, on an empty tape', async () => {
    await withTape(tape => {
      expect(readCount(tape, { filter: {}, minutes: 60 }, NOW_MS)).toEqual({
        matching: 0,
        total: 0,
        per_minute: 0,
        since: iso(60 * MINUTE_MS),
        complete: true,
      });
    });
  });
});

describe('GET /api/patterns/{tier}/count', () => {
  type Body = Count & { field: string };

  it('counts what a whole filter lets through, and says how it was understood', async () => {
    await daily().publish(
      batchOf([
        pattern({ symbol: 'NVDA', confidence: 0.9, priority: 'critical', timeframe: '5min' }),
        pattern({ symbol: 'NVDA', confidence: 0.2 }),
        pattern({ symbol: 'AAPL', pattern_type: 'Doji', market_session: 'regular' }),
      ]),
    );
    const count = async (query: string) => (await get<Body>(`/api/patterns/daily/count?${query}`)).body;
    expect(await count('symbols=nvda')).toMatchObject({
      tier: 'daily',
      filter: { kinds: ['pattern'], symbols: ['NVDA'] },
      minutes: 60,
      matching: 2,
      total: 3,
      per_minute: 2 / 60,
      complete: true,
    });
    expect(await count('minutes=2')).toMatchObject({ minutes: 2, matching: 3, per_minute: 1.5 });
    for (const query of [
      'confidence_min=0.8',
      'priority_min=high',
      'timeframes=5min,1h',
      'pattern_types=Doji',
      'exclude_symbols=nvda',
      'exclude_pattern_types=BreakoutBO',
      'symbols=AAPL&market_sessions=regular',
    ]) {
      expect([query, (await count(query)).matching]).toEqual([query, 1]);
    }
    expect(await count('kinds=outcome')).toMatchObject({ matching: 0, total: 0 });
    expect(await count('kinds=')).toMatchObject({ filter: { kinds: [] }, matching: 3, total: 3 });
    await evictDurableObject(daily());
    expect(await count('')).toMatchObject({ filter: { kinds: ['pattern'] }, matching: 3 });
  });

  it('counts each new event at once, and none of a batch that was rolled back', async () => {
    const count = async () => (await get<Body>('/api/patterns/daily/count')).body.matching;
    await daily().publish(batchOf([pattern()]));
    expect(await count()).toBe(1);
    await runInDurableObject(daily(), hub => {
      expect(() => hub.publish(batchOf([pattern(), pattern()], { rejects: [null as never] }))).toThrow();
    });
    expect(await count()).toBe(1);
    await daily().publish(batchOf([pattern(), pattern()]));
    expect(await count()).toBe(3);
  });

  it.each([
    ['minutes=0', 'minutes'],
    ['minutes=1441', 'minutes'],
    ['confidence_min=1.1', 'confidence_min'],
    ['priority_min=urgent', 'priority_min'],
    ['symbol=AAPL', 'symbol'],
    ['limit=1', 'limit'],
  ])('refuses %s with 400 naming %s', async (query, field) => {
    const { status, body } = await get<Body>(`/api/patterns/daily/count?${query}`);
    expect([status, body.field]).toEqual([400, field]);
  });

  it('knows no other tier', async () => {
    expect((await get('/api/patterns/system/count')).status).toBe(404);
  });
});

/** Runs with the empty tape of a hub that nobody has posted to. */
async function withTape(run: (tape: Tape, sql: SqlStorage) => void): Promise<void> {
  await runInDurableObject(daily(), (_, { storage }) => run(new Tape(storage.sql, () => 'epoch'), storage.sql));
}

const agoMs = (seconds: number) => NOW_MS - seconds * 1_000;
const iso = (agoMs: number) => new Date(NOW_MS - agoMs).toISOString();

function eventOf(view: Matchable, seq: number, receivedAtMs: number): Event {
  const hops = { bridge_at_ms: 0, edge_at_ms: 0, hub_at_ms: receivedAtMs };
  return { detected_at: new Date(NOW_MS).toISOString(), ...view, id: `e${seq}`, seq, hops } as unknown as Event;
}

/** Rows that came in one every `paceMs`, the last one now; every fourth is NVDA's. Faster than appending each. */
function fill(sql: SqlStorage, { rows, paceMs }: { rows: number; paceMs: number }): void {
  sql.exec(
    `INSERT INTO tape (seq, id, kind, symbol, confidence, priority, routing, received_at_ms, detected_at_ms, body)
     WITH RECURSIVE n (seq) AS (VALUES (1) UNION ALL SELECT seq + 1 FROM n WHERE seq < ?1)
     SELECT seq, seq, 'pattern', iif(seq % 4 = 0, 'NVDA', 'AAPL'), 700, 1, 0, ?2 - (?1 - seq) * ?3, 0, '{}' FROM n`,
    rows,
    NOW_MS,
    paceMs,
  );
  sql.exec('UPDATE tape_state SET head = ?', rows);
}
