import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Filter, normaliseFilter } from '../../shared/filter.ts';
import { type Matchable, matches } from '../../shared/matches.ts';
import { PRIORITIES } from '../../shared/priority.ts';
import { batchOf, pattern } from './support/events.ts';

const daily = () => env.HUB.getByName('daily');

afterEach(reset);

const symbols = ['AAPL', 'MSFT', 'BRK.B'];
const types = ['Doji', 'Hammer', 'BreakoutBO'];
const timeframes = ['1min', 'daily', null];
const confidence = fc.integer({ min: 0, max: 1_000 }).map(n => n / 1_000);

const anyEvent = fc.record({
  symbol: fc.constantFrom(...symbols),
  pattern_type: fc.constantFrom(...types),
  timeframe: fc.constantFrom(...timeframes),
  market_session: fc.constantFrom('regular' as const, 'closed' as const),
  confidence,
  priority: fc.constantFrom(...PRIORITIES),
});
const some = <T>(values: T[]) => fc.option(fc.subarray(values), { nil: undefined });
const anyFilter: fc.Arbitrary<Filter> = fc
  .record({
    kinds: some(['pattern', 'outcome']),
    symbols: some([...symbols, 'none']),
    pattern_types: some(types),
    timeframes: some(['1min', 'daily']),
    market_sessions: some(['regular', 'closed']),
    confidence_min: fc.option(confidence, { nil: undefined }),
    priority_min: fc.option(fc.constantFrom(...PRIORITIES), { nil: undefined }),
    exclude_symbols: some(symbols),
    exclude_pattern_types: some(types),
  })
  .map(filter => normaliseFilter('daily', JSON.parse(JSON.stringify(filter))));

describe('a stored read', () => {
  it.each([
    ['', 0],
    [', also when the newest rows are in memory', 1],
  ])('gives exactly the events that match, as the one definition of matching has it%s', async (_, counts) => {
    const events = fc.sample(anyEvent, 300).map(overrides => pattern(overrides));
    await daily().publish(batchOf(events));
    await runInDurableObject(daily(), hub => {
      // A count has them read.
      for (let i = 0; i < counts; i++) hub.readCount({ filter: {}, minutes: 60 });
      fc.assert(
        fc.property(
          anyFilter,
          fc.integer({ min: 1, max: 200 }),
          fc.integer({ min: 1, max: 301 }),
          (filter, limit, beforeSeq) => {
            const expected = events
              .map((event, i) => ({ seq: i + 1, view: event as Matchable }))
              .filter(({ seq, view }) => seq < beforeSeq && matches(filter, view))
              .map(({ seq }) => seq)
              .reverse();
            const page = hub.readPage({ filter, limit, beforeSeq });
            expect(page.bodies.map(body => JSON.parse(body).seq)).toEqual(expected.slice(0, limit));
            if (expected.length > limit) expect(page.nextBeforeSeq).toBe(expected[limit - 1]);
          },
        ),
        { numRuns: 1_000 },
      );
    });
  });
});
