import type { ToldDelivery, Trace } from '../../shared/api/trace.ts';
import type { Event } from '../../shared/events.ts';
import { hopsOf } from '../../shared/hops.ts';
import type { Topic } from '../../shared/topics.ts';
import type { Remembered } from '../core/reach.ts';
import { ROUTING } from '../core/router.ts';
import type { TracedRow } from './tape.ts';

/** How an event came, and what became of it; `remembered` is null when that is not known. */
export function traceOf(topic: Topic, epoch: string, row: TracedRow, remembered: Remembered | null): Trace {
  const event: Event = JSON.parse(row.body);
  const last = remembered?.lastDuplicate;
  return {
    topic,
    epoch,
    seq: row.seq,
    kind: event.kind,
    channel: event.channel,
    shape: event.shape,
    source: event.source,
    bridge_id: row.bridgeId,
    batch_id: row.batchId,
    routing: routingOf(row),
    hops: hopsOf(event, remembered?.flush?.atMs),
    delivery: deliveryOf(remembered),
    duplicates: remembered && {
      count: remembered.duplicates,
      last: last ? { bridge_id: last.bridgeId, batch_id: last.batchId, channel: last.channel, at_ms: last.atMs } : null,
    },
  };
}

export function routingOf({ rules, routing, view }: TracedRow): Trace['routing'] {
  return {
    rules,
    broadcast_all: (routing & ROUTING.broadcast) !== 0,
    priority_first: rules === null ? null : (routing & ROUTING.immediate) !== 0,
    load_balanced: (routing & ROUTING.shared) !== 0,
    priority: view.priority ?? null,
  };
}

export function deliveryOf(remembered: Remembered | null): ToldDelivery | null {
  if (!remembered?.flush) return null;
  const { atMs, live, behind, matched, rate_limited, skipped, closed } = remembered.flush;
  return {
    flushed_at_ms: atMs,
    live_sessions: live,
    behind_sessions: behind,
    matching_sessions: matched,
    sent_sessions: matched - rate_limited - skipped - closed,
    withheld: { rate_limited, skipped },
    closed_sessions: closed,
  };
}
