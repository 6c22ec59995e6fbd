import * as z from 'zod';
import { type Explanation, explanationSchema } from '../../../shared/api/explain.ts';
import { type Trace, type Traces, tracesSchema } from '../../../shared/api/trace.ts';
import { explainQuerySchema } from '../../../shared/requests/explain.ts';
import { PATTERN } from '../examples.ts';
import { described, type Route } from '../route.ts';

const epoch = '4f405ada-93c5-4d11-a1be-2d6f0d4b8d11';
const routing: Trace['routing'] = {
  rules: ['groups-share'],
  broadcast_all: false,
  priority_first: true,
  load_balanced: true,
  priority: 'critical',
};
const hops: Trace['hops'] = [
  { hop: 'detected', at_ms: 1795185000123, took_ms: null },
  { hop: 'bridge', at_ms: 1795185000131, took_ms: 8 },
];
const delivery: Trace['delivery'] = {
  flushed_at_ms: 1795185000153,
  live_sessions: 412,
  behind_sessions: 3,
  matching_sessions: 57,
  sent_sessions: 56,
  withheld: { rate_limited: 1, skipped: 0 },
  closed_sessions: 0,
};

const explanation: Explanation = {
  topic: 'daily',
  epoch,
  event: PATTERN,
  subscriptions: [
    {
      id: null,
      filter: { kinds: ['pattern'], symbols: ['AMD'] },
      group: null,
      since: null,
      clauses: [{ clause: 'symbols', wants: ['AMD'], event_has: 'NVDA', holds: false }],
      matches: false,
    },
  ],
  matches: false,
  routing,
  hops,
  delivery,
  session: null,
  explained_at_ms: 1795185010310,
  notes: [{ code: 'filter', text: 'No subscription matches it: the filter by symbols.' }],
};

const traces: Traces = {
  id: PATTERN.id,
  traces: [
    {
      topic: 'daily',
      epoch,
      seq: PATTERN.seq,
      kind: 'pattern',
      channel: PATTERN.channel,
      shape: PATTERN.shape,
      source: PATTERN.source,
      bridge_id: 'bridge-mb2x9k1c-0f3a9c21',
      batch_id: 731,
      routing,
      hops,
      delivery,
      duplicates: { count: 0, last: null },
    },
  ],
  missing: [],
};

/** Why an event has, or has not, arrived. */
export const tracing: Route[] = [
  {
    method: 'get',
    path: '/api/explain',
    tag: 'Operations',
    access: 'operator',
    summary: 'Why an event was, or was not, for a filter or a session',
    description:
      'Clause by clause, with what routing decided, when the event passed where, and what became of it in its flush. Either ' +
      '`seq` or `id` names the event; `session` stands instead of a filter, and means that session’s own subscriptions.',
    query: described(explainQuerySchema, {
      topic: 'The topic whose tape has the event.',
      seq: 'Its place on the tape.',
      id: 'Its content id.',
      session: 'The `session_id` of a connected session.',
      kinds: 'A filter’s kinds; default the topic’s.',
      pattern_types: 'A filter’s pattern types.',
      symbols: 'A filter’s symbols.',
      timeframes: 'A filter’s timeframes.',
      market_sessions: 'A filter’s market sessions.',
      confidence_min: 'A filter’s least confidence.',
      priority_min: 'A filter’s least priority.',
      exclude_symbols: 'Symbols that a filter excludes.',
      exclude_pattern_types: 'Pattern types that a filter excludes.',
    }),
    answer: {
      name: 'Explanation',
      schema: explanationSchema,
      example: explanation,
      description: '`notes` say in words what is known to have kept it from somebody, or that nothing is.',
    },
    problems: ['bad_parameter', 'forbidden_topic', 'not_found', 'hub_unavailable'],
    extended: { not_found: 'MissingEvent' },
  },
  {
    method: 'get',
    path: '/api/trace/{id}',
    tag: 'Operations',
    access: 'operator',
    summary: 'Where an event came from, and what became of it',
    description: 'All hubs that the caller may read are asked; `missing` names the topics whose hub gave no answer.',
    inPath: described(z.object({ id: z.string() }), { id: 'The event’s content id.' }),
    answer: { name: 'Traces', schema: tracesSchema, example: traces, description: 'By tape that has it.' },
    problems: ['bad_parameter', 'forbidden_topic', 'not_found', 'hub_unavailable'],
  },
];
