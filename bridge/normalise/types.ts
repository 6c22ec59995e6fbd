import type { ChannelTable } from '../../shared/channels.ts';
import type { IngestEvent } from '../../shared/events.ts';
import type { Reject } from '../../shared/ingest-protocol.ts';
import type { Policy } from '../../shared/tier-policy.ts';

/** What Redis delivered. */
export interface RawMessage {
  channel: string;
  raw: string;
  receivedAtMs: number;
}

export interface NormaliseDeps {
  /** Gives each tier's ladder of priorities. */
  policy: Policy;
  /** A collision-free digest as text of at least 22 and at most 128 characters, e.g. SHA-256 in base64url. */
  hash: (text: string) => string;
  /** What each channel carries; the producer's own channels unless an operator says otherwise. */
  channels?: ChannelTable;
}

/** What became of a message, or of one item of it. */
export type Outcome = { event: IngestEvent } | { reject: Reject } | { probe: true } | { notRouted: string };

/** A JSON object, as parsed: its keys may be anything, `__proto__` included. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What every reader of a kind of event is given. */
export interface ReadContext {
  message: RawMessage;
  deps: Required<NormaliseDeps>;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
