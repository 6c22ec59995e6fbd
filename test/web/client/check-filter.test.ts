import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { clientMessageSchema } from '../../../shared/client-protocol.ts';
import { type Filter, normaliseFilter } from '../../../shared/filter.ts';
import { excessOf } from '../../../shared/filter-limits.ts';
import { PRIORITIES } from '../../../shared/priority.ts';
import { TOPICS, type Topic } from '../../../shared/topics.ts';
import { BadFilterError, checkFilter } from '../../../web/client/check-filter.ts';
import { filters } from '../../shared/arbitraries.ts';

const topics = fc.constantFrom(...TOPICS);
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, undefined, new Date(0)),
);
const lists = fc.oneof(fc.array(fc.oneof({ arbitrary: fc.string(), weight: 5 }, anything), { maxLength: 4 }), anything);
/** What people get wrong: misspelt fields, wrong types, numbers out of range; often several at once. */
const wrongFilters = fc.oneof(
  fc.dictionary(fc.string(), anything),
  anything.filter(value => value !== undefined),
  fc.record(
    {
      kinds: lists,
      pattern_types: lists,
      symbols: lists,
      timeframes: lists,
      market_sessions: lists,
      confidence_min: fc.oneof(fc.double({ min: -0.5, max: 1.5 }), anything),
      priority_min: fc.oneof(fc.constantFrom(...PRIORITIES, 'urgent'), anything),
      exclude_symbols: lists,
      exclude_pattern_types: lists,
      symbol: anything,
      'a"b': anything,
    },
    { requiredKeys: [] },
  ),
);
/** About as large as the limits allow. */
const largeFilters = fc.record({
  symbols: fc.array(fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme' }), { minLength: 950, maxLength: 1_010 }),
  exclude_symbols: fc.array(fc.string({ maxLength: 20 }), { maxLength: 60 }),
});

it.each([
  ['as clients write them', filters, 500],
  ['that are wrong', wrongFilters, 2_000],
  ['about as large as the limits allow', largeFilters, 50],
] as [string, fc.Arbitrary<unknown>, number][])('says of filters %s what the server says', (_, arbitrary, numRuns) => {
  fc.assert(
    fc.property(topics, arbitrary, (topic, filter) => {
      expect(checkedHere(topic, filter)).toEqual(checkedByTheServer(topic, filter));
    }),
    { numRuns },
  );
});

it('gives the code of the server with its words', () => {
  expect(() => checkFilter('daily', { symbol: ['AAPL'] })).toThrow(BadFilterError);
  expect(refusalOf({ symbol: ['AAPL'] })).toMatchObject({
    code: 'bad_filter',
    message: 'filter: Unrecognized key: "symbol"',
  });
});

it.each([
  ['1,000 listed values, the kind of a tier among them', 999, null],
  ['one more', 1_000, 'max_filter_values: 1001 listed values, at most 1000'],
])('knows the limit of listed values: %s', (_, count, message) => {
  const symbols = Array.from({ length: count }, (_, i) => `S${i}`);
  expect(refusalOf({ symbols })?.message ?? null).toBe(message);
});

it('knows the limit of bytes, as UTF-8', () => {
  const overhead = JSON.stringify({ kinds: ['pattern'], pattern_types: [''] }).length;
  const room = 15_000 - overhead;
  expect(refusalOf({ pattern_types: ['é'.repeat(room / 2)] })).toBeNull();
  expect(refusalOf({ pattern_types: [`${'é'.repeat(room / 2)}x`] })?.message).toBe(
    'max_filter_bytes: 15001 bytes of JSON, at most 15000',
  );
});

function refusalOf(filter: unknown): BadFilterError | null {
  try {
    checkFilter('daily', filter);
    return null;
  } catch (error) {
    return error as BadFilterError;
  }
}

function checkedHere(topic: Topic, filter: unknown): Filter | string {
  try {
    return checkFilter(topic, filter);
  } catch (error) {
    return (error as BadFilterError).message;
  }
}

/** What a hub makes of the message: the filter in normal form, or the message of its `error` frame. */
function checkedByTheServer(topic: Topic, filter: unknown): Filter | string {
  const parsed = clientMessageSchema.safeParse(JSON.parse(JSON.stringify({ type: 'subscribe', id: 's', filter })));
  if (!parsed.success) return `${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`;
  const normal = normaliseFilter(topic, (parsed.data as { filter: Filter }).filter);
  return excessOf([normal]) ?? normal;
}
