import { Hono } from 'hono';
import type { HubAnswer, IngestAnswer, TopicAnswer } from '../../shared/api/ingest.ts';
import { topicsOf } from '../../shared/events.ts';
import { type BridgeHeartbeat, type IngestBatch, ingestBatchSchema } from '../../shared/ingest-protocol.ts';
import { TOPICS, type Topic } from '../../shared/topics.ts';
import type { Env } from '../env.ts';
import type { HubBatch } from '../hub/intake.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { Problem } from '../problem.ts';
import { readSignedBody } from '../signed-body.ts';

/** `POST /ingest`: a bridge's signed batch, handed to each topic's hub once and answered per topic. */
export const ingest = new Hono<AppEnv>().post('/', async c => {
  const edgeAtMs = Date.now();
  const body = await readSignedBody(c.req.raw, c.var.config.ingestSecrets, edgeAtMs);
  const batches = splitByTopic(parseBatch(body), edgeAtMs);
  const answers = await Promise.all(
    [...batches].map(async ([topic, batch]) => [topic, await publish(c.env, topic, batch)] as const),
  );
  const answer: IngestAnswer = { server_at_ms: Date.now(), topics: Object.fromEntries(answers) };
  return c.json(answer);
});

function parseBatch(body: Uint8Array): IngestBatch {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new Problem(422, 'schema', 'the body is not JSON');
  }
  const parsed = ingestBatchSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const field = issue.path.join('.');
    throw new Problem(422, 'schema', `${field || 'body'}: ${issue.message}`, field);
  }
  const batch = parsed.data as IngestBatch;
  const { topic } = batch;
  const stray = topic ? batch.events.findIndex(event => !topicsOf(event).includes(topic)) : -1;
  if (stray >= 0) throw new Problem(422, 'schema', `events.${stray}: is not of topic ${topic}`, `events.${stray}`);
  if (topic && topic !== 'system' && (batch.rejects.length > 0 || batch.counts)) {
    throw new Problem(422, 'schema', 'rejects: rejects and counts go with topic system', 'rejects');
  }
  return batch;
}

/** What each hub is to get: its events; coverage, gaps and heartbeat are everybody's, refusals and channels are `system`'s. */
function splitByTopic(batch: IngestBatch, edgeAtMs: number): Map<Topic, HubBatch> {
  const { topic: only, events, rejects, counts, heartbeat, ...rest } = batch;
  const isForAll = batch.covers !== null || batch.gaps.length > 0 || heartbeat !== undefined;
  const batches = new Map<Topic, HubBatch>();
  for (const topic of only ? [only] : TOPICS) {
    const own = only ? events : events.filter(event => topicsOf(event).includes(topic));
    const refusals = topic === 'system' ? { rejects, ...(counts && { counts }) } : { rejects: [] };
    const isConcerned = only || isForAll || own.length > 0 || refusals.rejects.length > 0 || 'counts' in refusals;
    if (!isConcerned) continue;
    const beat = heartbeat && { heartbeat: topic === 'system' ? heartbeat : withoutChannels(heartbeat) };
    batches.set(topic, { ...rest, ...refusals, ...beat, events: own, edge_at_ms: edgeAtMs });
  }
  return batches;
}

function withoutChannels({ channels: _, ...heartbeat }: BridgeHeartbeat): BridgeHeartbeat {
  return heartbeat;
}

async function publish(env: Env, topic: Topic, batch: HubBatch): Promise<TopicAnswer> {
  const answer = await answerOf<HubAnswer>(rootHub(env, topic).publish(batch));
  return 'value' in answer ? answer.value : { error: answer.error, retry: true };
}
