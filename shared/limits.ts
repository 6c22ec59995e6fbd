/**
 * Every limit of the protocol, with its unit in its name. What a client must know travels in `hello.limits`; what an
 * operator may change is read from the environment and only defaults here.
 */

/** Wire version: the `v` of events, `hello.protocol`, and the digit in the subprotocol `tickstock.v1`. */
export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = `tickstock.v${PROTOCOL_VERSION}`;
/** Begins a second offered subprotocol, which carries a ticket and is never echoed. */
export const TICKET_PREFIX = 'ticket.';

/** Names a guest, signed. */
export const GUEST_COOKIE = 'tickstock_guest';

/** What a session may do and get; sent to each client in `hello`. */
export const SESSION_LIMITS = {
  /** Events to one session in any second; CRITICAL ones have a second allowance of the same size. 0 = no limit. */
  events_per_second: 100,
  /** Messages from a client: sustained rate, and what it may send at once (token bucket). */
  messages_per_second: 20,
  message_burst: 100,
  max_subscriptions: 32,
  /** Over all filters of a session together; they must fit a socket's attachment (16,384 bytes). */
  max_filter_values: 1_000,
  max_filter_bytes: 15_000,
  max_message_bytes: 65_536,
} as const;

/** Stored events a `subscribe` may ask for at most. */
export const MAX_SNAPSHOT = 200;
/** Ids of subscriptions and names of groups. */
export const MAX_ID_LENGTH = 64;

/** A live or backfill frame: at most so many events or so many bytes, but always one event. */
export const MAX_FRAME_EVENTS = 50;
export const MAX_FRAME_BYTES = 65_536;

/** How often a bridge posts a heartbeat, and so how often clients get one. */
export const HEARTBEAT_MS = 15_000;
/** A bridge is counted alive for this long after its last heartbeat. */
export const BRIDGE_ALIVE_MS = 3 * HEARTBEAT_MS;

/** One POST /ingest. */
export const MAX_BATCH_EVENTS = 500;
export const MAX_BATCH_REJECTS = 100;
/** Channels and streams of a bridge together. */
export const MAX_LISTENED_CHANNELS = 400;
/** What the bridge puts into one request at most, measured before signing. */
export const MAX_BATCH_BYTES = 768 * 1024;
/** What the Worker accepts at most. */
export const MAX_INGEST_BODY_BYTES = 1024 * 1024;
/** How far a signature's time may be from the Worker's clock, either way. */
export const MAX_SIGNATURE_SKEW_MS = 5 * 60_000;

/** A raw Redis message; larger ones become a reject `too_large`. */
export const MAX_RAW_MESSAGE_BYTES = 256 * 1024;
/** What is kept of a message that was rejected. */
export const MAX_SAMPLE_BYTES = 2 * 1024;

/** Events without a producer's time are duplicates only this close together. */
export const RECEIVED_DUPLICATE_WINDOW_MS = 10_000;

/** How long a hub that drains sends sessions away for; they come back in the second half of it. */
export const DRAIN_WINDOW_MS = { least: 1_000, default: 30_000, most: 300_000 } as const;

/** REST reads. */
export const MAX_PAGE_SIZE = 200;
export const MAX_SCANNED_ROWS = 20_000;
