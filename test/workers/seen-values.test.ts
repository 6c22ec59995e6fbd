import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Event } from '../../shared/events.ts';
import { DEFAULT_POLICY, type TapePolicy } from '../../shared/tier-policy.ts';
import { app } from '../../workers/app.ts';
import { SeenValues } from '../../workers/hub/seen-values.ts';
import { Tape } from '../../workers/hub/tape.ts';
import { batchOf, ORIGIN, pattern } from './support/events.ts';
import { get } from './support/get.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.parse('2026-11-20T15:00:00.000Z');

const daily = () => env.HUB.getByName('daily');

afterEach(reset);

describe('the values seen', () => {
  it('are those of every pattern there was, whatever was folded and dropped between', async () => {
    const policy: TapePolicy = { max_events: 6, retention_ms: 20_000 };
    const arrival = fc.record({ symbol: fc.constantFrom('A', 'B', 'C', 'D', 'E'), afterMs: fc.nat(15_000) });
    await withTape((tape, sql) => {
      fc.assert(
        fc.property(fc.array(fc.array(arrival, { maxLength: 9 }), { maxLength: 9 }), batches => {
          sql.exec(
            'DELETE FROM tape; DELETE FROM seen; UPDATE tape_state SET head = 0; UPDATE seen_state SET folded_to = 0, folded_at_ms = 0',
          );
          tape.reload();
          const seen = new SeenValues(sql);
          const expected = new Map<string, number>();
          let nowMs = NOW_MS;
          for (const batch of batches) {
            for (const { symbol, afterMs } of batch) {
              nowMs += afterMs;
              append(tape, { symbol }, nowMs);
              expected.set(symbol, nowMs);
            }
            seen.fold(tape.head, policy, nowMs);
            tape.trim(policy, nowMs);
          }
          const found = seen
            .read('symbol', tape.search)
            .map(({ value, last_seen_at_ms }) => [value, last_seen_at_ms] as const);
          expect(new Map(found)).toEqual(expected);
          expect(found.map(([, atMs]) => atMs)).toEqual(found.map(([, atMs]) => atMs).toSorted((a, b) => b - a));
        }),
        { numRuns: 200 },
      );
    });
  });

  it('cost no row written per event: one per value when many rows are folded, or an hour is over', async () => {
    await withTape((tape, sql) => {
      const seen = new SeenValues(sql);
      const fold = (nowMs: number) => {
        const before = rowsOf(sql, 'seen');
        seen.fold(tape.head, DEFAULT_POLICY.daily, nowMs);
        return rowsOf(sql, 'seen') - before;
      };
      append(tape, { symbol: 'FIRST' }, NOW_MS);
      expect(fold(NOW_MS)).toBe(2);
      for (const symbol of ['A', 'B', 'A']) append(tape, { symbol }, NOW_MS);
      expect(fold(NOW_MS + HOUR_MS - 1)).toBe(0);
      expect(fold(NOW_MS + HOUR_MS)).toBe(2);
      fill(sql, tape, { rows: 5_000, symbols: 7 });
      expect(fold(NOW_MS + HOUR_MS)).toBe(7);
      expect(fold(NOW_MS + 2 * HOUR_MS)).toBe(0);
    });
  });

  it('are bounded: of the symbols that a producer makes up, the newest are kept', async () => {
    await withTape((tape, sql) => {
      const seen = new SeenValues(sql);
      for (let i = 0; i < 3; i++) {
        fill(sql, tape, { rows: 5_000, symbols: 5_000 });
        seen.fold(tape.head, DEFAULT_POLICY.daily, NOW_MS);
      }
      append(tape, { symbol: 'NEWEST' }, NOW_MS + HOUR_MS);
      expect(rowsOf(sql, `seen WHERE dimension = 'symbol'`)).toBe(5_000);
      const symbols = seen.read('symbol', tape.search).map(({ value }) => value);
      expect(symbols).toHaveLength(5_000);
      expect(symbols[0]).toBe('NEWEST');
      expect(symbols.slice(1).every(symbol => Number(symbol.slice(1)) > 10_000)).toBe(true);
    });
  });

  it('leave out what nobody would type', async () => {
    await withTape((tape, sql) => {
      const seen = new SeenValues(sql);
      for (const timeframe of ['5min', null, 'x'.repeat(101)]) append(tape, { timeframe }, NOW_MS);
      expect(seen.read('timeframe', tape.search)).toEqual([{ value: '5min', last_seen_at_ms: NOW_MS }]);
    });
  });

  it('are read from the newest rows of a tape that is older than they are', async () => {
    await withTape((tape, sql) => {
      fill(sql, tape, { rows: 30_000, symbols: 30_000 });
      sql.exec('DROP TABLE seen; DROP TABLE seen_state');
      const seen = new SeenValues(sql);
      expect(seen.read('symbol', tape.search)[0]).toEqual({ value: 'S30000', last_seen_at_ms: NOW_MS + 30_000 });
      for (let i = 0; i < 4; i++) seen.fold(tape.head, DEFAULT_POLICY.daily, NOW_MS);
      expect(sql.exec('SELECT folded_to FROM seen_state').one()).toEqual({ folded_to: 30_000 });
    });
  });
});

describe('GET /api/symbols and /api/pattern-types', () => {
  interface Body extends Record<string, unknown> {
    symbols: { symbol: string; tiers: string[]; last_seen_at: string }[];
  }

  it('give what any tier has seen, also after its hub has slept', async () => {
    const beforeMs = Date.now();
    await daily().publish(
      batchOf([
        pattern({ symbol: 'MSFT', timeframe: '1day' }),
        pattern({ symbol: 'AAPL', pattern_type: 'Doji', timeframe: '5min' }),
      ]),
    );
    await env.HUB.getByName('combo').publish(batchOf([pattern({ tier: 'combo', symbol: 'MSFT', timeframe: '5min' })]));
    await evictDurableObject(daily());
    const symbols = await get<Body>('/api/symbols');
    const last_seen_at = expect.stringMatching(/^\d{4}-.*Z$/);
    const unknown = { name: null, sector: null };
    expect(symbols.status).toBe(200);
    expect(symbols.body).toEqual({
      symbols: [
        { symbol: 'AAPL', ...unknown, tiers: ['daily'], last_seen_at },
        { symbol: 'MSFT', ...unknown, tiers: ['daily', 'combo'], last_seen_at },
      ],
      missing: [],
    });
    expect(Date.parse(symbols.body.symbols[0]!.last_seen_at)).toBeGreaterThanOrEqual(beforeMs);
    expect((await get('/api/pattern-types')).body).toEqual({
      pattern_types: [
        { pattern_type: 'BreakoutBO', tiers: ['daily', 'combo'], last_seen_at },
        { pattern_type: 'Doji', tiers: ['daily'], last_seen_at },
      ],
      timeframes: [
        { timeframe: '1day', tiers: ['daily'] },
        { timeframe: '5min', tiers: ['daily', 'combo'] },
      ],
      missing: [],
    });
  });

  it('are the same, with the same tag, until the next pattern comes', async () => {
    await daily().publish(batchOf([pattern({ symbol: 'MSFT' })]));
    const ask = async () => {
      const response = await exports.default.fetch('http://edge.test/api/symbols');
      return { etag: response.headers.get('etag'), symbols: (await response.json<Body>()).symbols };
    };
    const [first, second] = [await ask(), await ask()];
    expect(second).toEqual(first);
    expect(first.etag).toMatch(/^"[\w-]{43}"$/);
    const { version } = (await daily().readSeen(['symbol'], null))!;
    expect(await daily().readSeen(['symbol'], version)).toBeNull();
    await daily().publish(batchOf([pattern({ symbol: 'AAPL' })]));
    expect(await daily().readSeen(['symbol'], version)).not.toBeNull();
    const third = await ask();
    expect(third.symbols.map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT']);
    expect(third.etag).not.toBe(first.etag);
  });

  it('are empty before the first pattern, and take no parameter', async () => {
    expect((await get('/api/symbols')).body).toEqual({ symbols: [], missing: [] });
    expect((await get('/api/pattern-types')).body).toEqual({ pattern_types: [], timeframes: [], missing: [] });
    expect((await get('/api/symbols?tier=daily')).body).toMatchObject({ status: 400, field: 'tier' });
    expect((await get('/api/pattern-types?tier=daily')).body).toMatchObject({ status: 400, field: 'tier' });
  });

  it('name the tiers whose hub gives no answer, and fail when none does', async () => {
    await daily().publish(batchOf([pattern({ symbol: 'MSFT' })]));
    const ask = async (failing: string[]) => {
      const broken = { readSeen: () => Promise.reject(new Error('broken')) };
      const getByName = (name: string) => (failing.includes(name) ? broken : env.HUB.getByName(name));
      const response = await app.request('/api/symbols', {}, { ...env, HUB: { getByName } });
      return { status: response.status, body: await response.json() };
    };
    expect(await ask(['intraday', 'combo'])).toMatchObject({
      status: 200,
      body: { symbols: [{ symbol: 'MSFT', tiers: ['daily'] }], missing: ['intraday', 'combo'] },
    });
    expect(await ask(['daily', 'intraday', 'combo'])).toMatchObject({
      status: 503,
      body: { title: 'hub_unavailable' },
    });
  });
});

/** Runs with the empty tape of a hub that nobody has posted to. */
async function withTape(run: (tape: Tape, sql: SqlStorage) => void): Promise<void> {
  await runInDurableObject(daily(), (_, { storage }) => run(new Tape(storage.sql, () => 'epoch'), storage.sql));
}

function append(tape: Tape, overrides: Parameters<typeof pattern>[0], receivedAtMs: number): void {
  const seq = tape.head + 1;
  const hops = { bridge_at_ms: 0, edge_at_ms: 0, hub_at_ms: receivedAtMs };
  tape.append({ ...pattern(overrides), seq, hops } as unknown as Event, 0, ORIGIN);
}

/** Puts rows onto the tape, one a millisecond, faster than appending each: `S<seq>`, or again and again the same few symbols. */
function fill(sql: SqlStorage, tape: Tape, { rows, symbols }: { rows: number; symbols: number }): void {
  sql.exec(
    `INSERT INTO tape (seq, id, kind, symbol, routing, received_at_ms, detected_at_ms, body)
     WITH RECURSIVE n (seq) AS (VALUES (?1 + 1) UNION ALL SELECT seq + 1 FROM n WHERE seq < ?1 + ?2)
     SELECT seq, 's' || seq, 'pattern', 'S' || CAST(iif(?2 = ?3, seq, seq % ?3) AS INTEGER), 0, ?4 + seq, 0, '{}' FROM n`,
    tape.head,
    rows,
    symbols,
    NOW_MS,
  );
  sql.exec('UPDATE tape_state SET head = ?', tape.head + rows);
  tape.reload();
}

function rowsOf(sql: SqlStorage, table: string): number {
  return sql.exec<{ count: number }>(`SELECT count(*) AS count FROM ${table}`).one().count;
}
