import { type Channels, channelsSchema } from '../../../shared/api/channels.ts';
import { type Drain, drainSchema } from '../../../shared/api/drain.ts';
import { type Rejects, rejectsSchema } from '../../../shared/api/rejects.ts';
import { drainBodySchema } from '../../../shared/requests/drain.ts';
import { rejectsQuerySchema } from '../../../shared/requests/rejects.ts';
import { described, type Route } from '../route.ts';

const rejects: Rejects = {
  rejects: [
    {
      channel: 'tickstock.events.patterns',
      reason: 'missing_symbol',
      sample: '{"event_type":"pattern_detected","pattern":"Doji"}',
      at: '2026-11-20T14:30:12.004Z',
    },
  ],
  counts: [{ channel: 'tickstock.events.patterns', reason: 'missing_symbol', count: 3 }],
  not_routed: [{ channel: 'tickstock.all_ticks', kind: 'market_tick', count: 120_411 }],
};

const channels: Channels = {
  generated_at: '2026-11-20T14:30:13.000Z',
  bridges: [
    { bridge_id: 'bridge-mb2x9k1c-0f3a9c21', name: 'bridge', told_at: '2026-11-20T14:30:05.689Z', alive: true },
  ],
  channels: [
    {
      channel: 'tickstock.events.patterns',
      kind: 'pattern',
      tier: 'daily',
      last_message_at: '2026-11-20T14:30:12.004Z',
      shapes: ['flat'],
      bridges: [],
      rejects: [{ reason: 'missing_symbol', count: 3 }],
      not_routed: [],
    },
  ],
};

const drained: Drain = {
  window_ms: 30_000,
  topics: {
    daily: { sessions: 412 },
    intraday: { sessions: 398 },
    combo: { sessions: 371 },
    system: { error: 'the hub gave no answer' },
  },
};

export const operations: Route[] = [
  {
    method: 'get',
    path: '/api/channels',
    tag: 'Operations',
    access: 'operator',
    summary: 'Who hears what on which channel',
    description: 'In which shapes, what of it could not be read, and what no topic carries.',
    answer: { name: 'Channels', schema: channelsSchema, example: channels, description: 'By name.' },
    problems: ['bad_parameter', 'hub_unavailable'],
  },
  {
    method: 'get',
    path: '/api/rejects',
    tag: 'Operations',
    access: 'operator',
    summary: 'Messages that could not be read',
    description: 'The newest with a sample; `counts` are of all there were, and `not_routed` of what no topic carries.',
    query: described(rejectsQuerySchema, {
      channel: 'Only of this channel.',
      reason: 'Only for this reason.',
      limit: 'How many at most. Default 50.',
    }),
    answer: { name: 'Rejects', schema: rejectsSchema, example: rejects, description: 'Rejects and counts.' },
    problems: ['bad_parameter', 'hub_unavailable'],
  },
  {
    method: 'post',
    path: '/api/admin/drain',
    tag: 'Operations',
    access: 'bridge or operator',
    summary: 'Send all sessions away before a restart',
    description:
      'In the first half of the window hubs let nobody in; those sent away come back in the second half, one after another ' +
      'at even distances.',
    body: { name: 'DrainRequest', schema: drainBodySchema, example: { window_ms: 30_000 }, optional: true },
    answer: { name: 'Drain', schema: drainSchema, example: drained, description: 'How many are sent away, by topic.' },
  },
];
