import { type BeaconAnswer, beaconAnswerSchema } from '../../../shared/api/beacon.ts';
import { type Sessions, sessionsSchema } from '../../../shared/api/sessions.ts';
import { beaconSchema } from '../../../shared/requests/beacon.ts';
import { sessionsQuerySchema } from '../../../shared/requests/sessions.ts';
import { described, type Route } from '../route.ts';

const connected: Sessions = {
  generated_at: '2026-11-20T14:30:13.000Z',
  total: 1,
  sessions: [
    {
      session_id: '88a5e0c2-41f7-4c39-9a59-7f0d5c1e2b3a',
      topic: 'daily',
      user_id: 'ann',
      guest: false,
      opened_at: '2026-11-20T14:00:00.000Z',
      heard_at: '2026-11-20T14:30:00.000Z',
      subscriptions: [{ id: 'mine', filter: { kinds: ['pattern'], symbols: ['NVDA'] }, group: null }],
      subscriptions_total: 1,
      position: 1234,
      behind: 0,
      queued_bytes: 0,
      counted_since: '2026-11-20T14:00:00.000Z',
      delivered: 120,
      backfilled: 50,
      withheld: { rate_limited: 0, skipped: 0 },
    },
  ],
  left_out: 0,
  missing: [],
};
const next: BeaconAnswer = { next_after_ms: 60_000 };

export const sessions: Route[] = [
  {
    method: 'get',
    path: '/api/sessions',
    tag: 'Operations',
    access: 'operator',
    summary: 'Who is connected, the slowest readers first',
    query: described(sessionsQuerySchema, { topic: 'Only of this topic.', limit: 'How many at most. Default 50.' }),
    answer: {
      name: 'Sessions',
      schema: sessionsSchema,
      example: connected,
      description: 'Sessions of all hubs that answered.',
    },
    problems: ['bad_parameter', 'hub_unavailable'],
  },
  {
    method: 'post',
    path: '/api/beacon',
    tag: 'Operations',
    access: 'caller',
    summary: 'A page says how long events took to its screen',
    body: { name: 'Beacon', schema: beaconSchema, example: { receipt_ms: [4.5], paint_ms: [12], uncertainty_ms: 0.4 } },
    answer: {
      status: 202,
      name: 'BeaconAnswer',
      schema: beaconAnswerSchema,
      example: next,
      description: 'When to report again.',
    },
    problems: ['bad_body', 'too_large', 'hub_unavailable'],
  },
];
