import type { Lane } from '../../../bridge/outbox/lane.ts';
import type { QueuedEvent } from '../../../bridge/outbox/queue.ts';
import { type BridgeHeartbeat, type IngestBatch, ingestBatchSchema } from '../../../shared/ingest-protocol.ts';
import { flat, readPattern } from '../normalise/support.ts';

const template = readPattern(flat());

/** A queued event whose id is its number. */
export function queued(n: number, receivedAtMs = n, padding = 0): QueuedEvent {
  const json = JSON.stringify({ ...template, id: `${n}`, data: padding ? { padding: 'x'.repeat(padding) } : {} });
  return { json, bytes: json.length, channel: 'c', receivedAtMs };
}

export function heartbeat(at_ms = 0): BridgeHeartbeat {
  return {
    at_ms,
    redis_connected: true,
    redis_latency_ms: null,
    channels_subscribed: 1,
    channels_wanted: 1,
    last_message_at_ms: null,
    reasons: [],
  };
}

/** The batch that a lane has due, as the edge reads it; null when none is. */
export function due(lane: Lane, nowMs = 0): IngestBatch | null {
  const batch = lane.next(nowMs, () => heartbeat(nowMs));
  return batch && ingestBatchSchema.parse(JSON.parse(batch.body));
}

/** Takes all that is due, and returns it. */
export function takeAll(lane: Lane, nowMs = 0): IngestBatch[] {
  const batches: IngestBatch[] = [];
  for (let batch = due(lane, nowMs); batch; batch = due(lane, nowMs)) {
    batches.push(batch);
    lane.taken();
  }
  return batches;
}

/** A lane's first heartbeat, out of the way of what a test is about. */
export function pastHeartbeat(lane: Lane, nowMs = 0): Lane {
  takeAll(lane, nowMs);
  return lane;
}

export function idsOf(batch: IngestBatch | null): number[] {
  return batch?.events.map(event => Number(event.id)) ?? [];
}
