import * as z from 'zod';
import { type Count, countSchema, type Patterns, patternsSchema } from '../../../shared/api/patterns.ts';
import { type Performance, performanceSchema } from '../../../shared/api/performance.ts';
import { countQuerySchema, patternsQuerySchema } from '../../../shared/requests/patterns.ts';
import { TIERS } from '../../../shared/topics.ts';
import { PATTERN } from '../examples.ts';
import { described, type Route } from '../route.ts';

const tierInPath = described(z.object({ tier: z.enum(TIERS) }), { tier: 'The tier.' });

const page: Patterns = {
  patterns: [PATTERN],
  metadata: {
    count: 1,
    tier: 'daily',
    confidence_min: 0.6,
    symbols_filter: ['NVDA'],
    response_time_ms: 3,
    next_before_seq: 1234,
    gaps: [{ seq: 1228, from: '2026-11-20T14:29:00.000Z', to: '2026-11-20T14:29:09.512Z', reason: 'bridge_absent' }],
  },
};

const count: Count = {
  tier: 'intraday',
  filter: { kinds: ['pattern'], symbols: ['NVDA'], confidence_min: 0.8 },
  minutes: 15,
  matching: 12,
  total: 3104,
  per_minute: 0.8,
  since: '2026-11-20T14:15:00.000Z',
  complete: true,
};

const none = { n: 0, rate: null };

const performance: Performance = {
  generated_at: '2026-11-20T14:30:13.000Z',
  tiers: {
    daily: {
      patterns: 2,
      by_pattern_type: [
        {
          pattern_type: 'Doji',
          count: 2,
          success: { '1d': { n: 40, rate: 0.6 }, '5d': { n: 12, rate: 0.5 }, '30d': none },
        },
      ],
      confidence_distribution: [0, 0, 0, 0, 0, 0, 0, 1, 0, 1],
      by_priority: { critical: 1, medium: 1 },
      per_minute: 0.03,
      detection_to_delivery_ms: { since: '2026-11-20T13:30:13.000Z', n: 2, p50: 250, p95: 250, p99: 250 },
      success: { '1d': { n: 40, rate: 0.6 }, '5d': { n: 12, rate: 0.5 }, '30d': none },
    },
    combo: { error: 'the hub gave no answer' },
  },
};

export const patterns: Route[] = [
  {
    method: 'get',
    path: '/api/patterns/{tier}',
    tag: 'Patterns',
    access: 'caller',
    summary: 'Stored patterns, newest first',
    description:
      'One read looks at no more than 20,000 rows (with a single symbol: of that symbol), so a page may be short, even ' +
      'empty, and still have a next one: read on until `next_before_seq` is null. `gaps` are the times of the page whose ' +
      'events may be missing.',
    inPath: tierInPath,
    query: described(patternsQuerySchema, {
      symbols: 'Only these symbols, in any case.',
      universes: 'And those of these universes, by name.',
      pattern_types: 'Only these pattern types, exactly as written.',
      confidence_min: 'A confidence of at least this. Default: the tier’s, daily .6, intraday .7, combo .75.',
      limit: 'How many at most. Default: the tier’s, daily 50, intraday 75, combo 25.',
      before_seq: 'Only below this `seq`: to read on, `next_before_seq` of the page before.',
      after_seq: 'Only above this `seq`.',
    }),
    answer: { name: 'PatternPage', schema: patternsSchema, example: page, description: 'A page of patterns.' },
    problems: ['bad_parameter', 'forbidden_topic', 'not_found', 'hub_unavailable', 'reference_unavailable'],
  },
  {
    method: 'get',
    path: '/api/patterns/{tier}/count',
    tag: 'Patterns',
    access: 'caller',
    summary: 'How many events a filter lets through',
    description:
      'Of those received lately, to tell what a filter does before it is used. `total` counts the events of these kinds ' +
      'whatever else the filter asks for. Where the rows that are read do not reach back as far as asked, `complete` is ' +
      'false, and `per_minute` is over the time from `since` on.',
    inPath: tierInPath,
    query: described(countQuerySchema, {
      minutes: 'How far back. Default 60.',
      kinds: 'Only these kinds. Default `pattern`; empty for all.',
      pattern_types: 'Only these pattern types, exactly as written.',
      symbols: 'Only these symbols, in any case.',
      universes: 'And those of these universes, by name.',
      timeframes: 'Only these timeframes, exactly as the producer writes them.',
      market_sessions: 'Only these market sessions.',
      confidence_min: 'A confidence of at least this.',
      priority_min: 'This priority and above.',
      exclude_symbols: 'All but these symbols.',
      exclude_pattern_types: 'All but these pattern types.',
    }),
    answer: { name: 'PatternCount', schema: countSchema, example: count, description: 'The count.' },
    problems: ['bad_parameter', 'forbidden_topic', 'not_found', 'hub_unavailable', 'reference_unavailable'],
  },
  {
    method: 'get',
    path: '/api/patterns/performance',
    tag: 'Patterns',
    access: 'caller',
    summary: 'What each tier’s patterns and the producer’s outcomes amount to',
    description:
      'Of the newest 20,000 rows of each tape that the caller may read; `per_minute` is over the last hour, or as long as these ' +
      'rows reach back. Of `detection_to_delivery_ms` each is the upper bound of its bucket. `success` tells for 1, 5 and 30 ' +
      'days how many outcomes say success or failure, and the share that say success: null without any.',
    answer: {
      name: 'Performance',
      schema: performanceSchema,
      example: performance,
      description: 'By tier; a tier whose hub gave no answer has `error`.',
    },
    problems: ['forbidden_topic'],
  },
];
