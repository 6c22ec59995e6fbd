import type { Channel } from '../../shared/channels.ts';
import { rejected } from './common.ts';
import { normalise } from './normalise.ts';
import type { NormaliseDeps, Outcome } from './types.ts';

/** What a stream carries, and in which field of an entry the message is. */
export interface Stream extends Channel {
  field: string;
}

/** The streams to read, by key. */
export type StreamTable = Readonly<Record<string, Stream>>;

/** What Redis delivered of a stream. */
export interface StreamEntry {
  stream: string;
  /** As Redis gave it: when it was added, in epoch milliseconds, a dash, and a number. */
  id: string;
  /** Names and values, by turns. */
  fields: readonly string[];
  receivedAtMs: number;
}

/** Before this an id is a number that the producer counts. */
const MIN_EPOCH_MS = 1_000_000_000_000;

/**
 * Reads an entry as the message in its field. What has no time of its own is of the time at which the entry was added,
 * so that one that is delivered again is known again.
 */
export function normaliseEntry(entry: StreamEntry, streams: StreamTable, deps: NormaliseDeps): Outcome[] {
  const { stream, fields, receivedAtMs } = entry;
  const addedAtMs = Number.parseInt(entry.id, 10);
  const at = fields.findIndex((name, i) => i % 2 === 0 && name === streams[stream]?.field);
  const message = {
    channel: stream,
    raw: fields[at + 1] ?? '',
    receivedAtMs: addedAtMs >= MIN_EPOCH_MS ? Math.min(addedAtMs, receivedAtMs) : receivedAtMs,
  };
  const own = { ...deps, channels: streams };
  if (at < 0) return [rejected({ message, deps: own }, 'bad_shape', JSON.stringify(fields))];
  return normalise(message, own).map(outcome => {
    if (!('event' in outcome)) return outcome;
    const { event } = outcome;
    return { event: { ...event, hops: { ...event.hops, bridge_at_ms: receivedAtMs } } };
  });
}
