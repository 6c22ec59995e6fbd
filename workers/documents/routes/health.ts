import { type Liveness, livenessSchema } from '../../../shared/api/health.ts';
import { type TiersHealth, tiersHealthSchema } from '../../../shared/api/tiers-health.ts';
import type { Route } from '../route.ts';

const live: Liveness = { status: 'ok', protocol: 1, version: null, server_at_ms: 1795205203502 };

const tiers: TiersHealth = {
  status: 'degraded',
  tiers: {
    daily: {
      topic: 'daily',
      status: 'degraded',
      reasons: ['rejects on tickstock.events.patterns rose to 12/min'],
      rejects: 31,
      head: 1234,
      last_event_at: '2026-11-20T14:30:12.004Z',
      sessions: 412,
      bridges: 1,
      heartbeat_age_ms: 4210,
      redis_latency_ms: 0.4,
      last_message_at: '2026-11-20T14:30:12.000Z',
      last_gap: null,
      gaps_24h: 0,
    },
    combo: { topic: 'combo', status: 'unreachable', reasons: ['the hub gave no answer'], rejects: null },
  },
};

export const health: Route[] = [
  {
    method: 'get',
    path: '/api/health',
    tag: 'Health',
    access: 'anyone',
    summary: 'Whether the Worker answers',
    answer: { name: 'Liveness', schema: livenessSchema, example: live, description: 'It does.' },
  },
  {
    method: 'get',
    path: '/api/patterns/tiers/health',
    tag: 'Health',
    access: 'caller',
    summary: 'Whether each tier’s data is alive, and why not',
    description: '`reasons` has one sentence for each thing that is wrong; `status` is the worst of all.',
    answer: { name: 'TiersHealth', schema: tiersHealthSchema, example: tiers, description: 'By tier.' },
    problems: ['forbidden_topic'],
  },
];
