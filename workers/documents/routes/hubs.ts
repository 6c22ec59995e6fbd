import {
  type HubFailure,
  type HubOperations,
  type Operations,
  operationsSchema,
} from '../../../shared/api/operations.ts';
import { type HubStats, type WebsocketHealth, websocketHealthSchema } from '../../../shared/api/websocket-health.ts';
import type { Route } from '../route.ts';

const counts: HubOperations['counts'] = {
  appended: 1234,
  duplicates: 3,
  unmatched_outcomes: 0,
  unmatched_backtests: 0,
  gaps: 1,
  probes: 40,
  batches: 610,
  replayed_batches: 0,
  flushes: 580,
  frames: 2310,
  sent_bytes: 3_120_400,
  deliveries: 51_200,
  backfilled: 900,
  rate_limited: 12,
  skipped: 0,
  enrichment_errors: 0,
  send_errors: 0,
  connections: 431,
  closed: { 1001: 18, 4010: 1 },
  client_errors: { bad_filter: 2 },
  denied: { ticket_used: 1 },
};

const took = { n: 1234, p50: 25, p95: 100, p99: 250 };
const stats: HubStats = {
  topic: 'daily',
  sessions: 412,
  live_sessions: 410,
  backfilling_sessions: 2,
  subscriptions: 1240,
  queued_bytes: 0,
  ...counts,
  cache: { hits: 1100, misses: 134, hit_rate: 0.891, entries: 96 },
  latency: {
    append_ms: took,
    plan_ms: took,
    flush_ms: took,
    detection_to_bridge_ms: took,
    published_to_bridge_ms: took,
    bridge_to_edge_ms: took,
    edge_to_hub_ms: took,
    hub_to_delivery_ms: took,
    bridge_to_delivery_ms: took,
    detection_to_delivery_ms: took,
  },
};

const histogram = { cumulative: [0, 1200, 1234], sum_ms: 30_120 };
const operations: HubOperations = {
  topic: 'daily',
  at_ms: 1795205205761,
  epoch: '4f405ada-93c5-4d11-a1be-2d6f0d4b8d11',
  head: 1235,
  last_event_at_ms: 1795205204004,
  tape: { rows: 1235, max_rows: 500_000, storage_bytes: 2_310_144 },
  sessions: { open: 412, live: 410, backfilling: 2 },
  replicas: { configured: 0, active: 0, unanswered: 0 },
  subscriptions: 1240,
  queued_bytes: 0,
  counts,
  appended_by_channel: { 'tickstock.events.patterns': 1234 },
  cache: { hits: 1100, misses: 134, entries: 96 },
  histograms: {
    append_ms: histogram,
    plan_ms: histogram,
    flush_ms: histogram,
    detection_to_bridge_ms: histogram,
    published_to_bridge_ms: histogram,
    bridge_to_edge_ms: histogram,
    edge_to_hub_ms: histogram,
    hub_to_delivery_ms: histogram,
    bridge_to_delivery_ms: histogram,
    detection_to_delivery_ms: histogram,
  },
  heartbeat_age_ms: 4210,
  bridges: [
    {
      bridge_id: 'bridge-mb2x9k1c-0f3a9c21',
      heartbeat_at_ms: 1795205201551,
      heartbeat: {
        at_ms: 1795205201551,
        redis_connected: true,
        redis_latency_ms: 0.4,
        channels_subscribed: 30,
        channels_wanted: 30,
        last_message_at_ms: 1795205201120,
        reasons: [],
      },
    },
  ],
  rejects: [],
  not_routed: [],
};

const failure = <T extends HubFailure['topic']>(topic: T) => ({ topic, error: 'the hub gave no answer' });
const generated_at = '2026-11-20T14:30:13.000Z';
const others = { intraday: failure('intraday'), combo: failure('combo'), system: failure('system') };
const allStats: WebsocketHealth = { generated_at, hubs: { daily: stats, ...others } };
const browsers = { reports: 40, uncertain: 1, last_at_ms: 1795205205000, receipt_ms: histogram, paint_ms: histogram };
const allOperations: Operations = {
  generated_at,
  bounds_ms: [10, 100],
  browsers,
  hubs: { daily: operations, ...others },
};

/** What operators see of the hubs. */
export const hubs: Route[] = [
  {
    method: 'get',
    path: '/api/websocket/health',
    tag: 'Operations',
    access: 'operator',
    summary: 'What each hub has done and holds',
    description: 'Counts are since its tape began, those of the cache since it last woke.',
    answer: { name: 'WebsocketHealth', schema: websocketHealthSchema, example: allStats, description: 'By topic.' },
  },
  {
    method: 'get',
    path: '/api/operations',
    tag: 'Operations',
    access: 'operator',
    summary: 'Raw counts and histograms of every hub',
    description:
      'For who asks again and takes the difference. `cumulative` has, for each of `bounds_ms`, how many were at most that, and ' +
      'last how many there were.',
    answer: { name: 'Operations', schema: operationsSchema, example: allOperations, description: 'By topic.' },
  },
];
