import { type IngestAnswer, ingestAnswerSchema } from '../../../shared/api/ingest.ts';
import { type IngestBatch, ingestBatchSchema } from '../../../shared/ingest-protocol.ts';
import type { Route } from '../route.ts';

const batch: IngestBatch = {
  bridge_id: 'bridge-mb2x9k1c-0f3a9c21',
  batch_id: 7,
  topic: 'daily',
  sent_at_ms: 1795205205689,
  covers: { from_ms: 1795205190000, to_ms: 1795205205600 },
  events: [],
  rejects: [],
  gaps: [],
  heartbeat: {
    at_ms: 1795205205689,
    redis_connected: true,
    redis_latency_ms: 0.4,
    channels_subscribed: 30,
    channels_wanted: 30,
    last_message_at_ms: 1795205205120,
    reasons: [],
  },
};

const answer: IngestAnswer = {
  server_at_ms: 1795205205731,
  topics: { daily: { accepted: 0, duplicates: 0, head: 1234 } },
};

export const ingest: Route[] = [
  {
    method: 'post',
    path: '/ingest',
    tag: 'Ingest',
    access: 'bridge',
    summary: 'A bridge’s batch',
    description:
      'Duplicates are removed by event id. A topic whose hub gave no answer has `error` and `retry`, and may have taken the ' +
      'batch or not: all of it or nothing, and posted again it is taken once. At most 1 MiB.',
    body: { name: 'IngestBatch', schema: ingestBatchSchema, example: batch },
    answer: {
      name: 'IngestAnswer',
      schema: ingestAnswerSchema,
      example: answer,
      description: 'What became of it, by topic.',
    },
  },
];
