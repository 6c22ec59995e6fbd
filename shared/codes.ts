/** What a client does after a close: never reconnect, or reconnect no sooner than this many milliseconds. */
export type Reconnect = { reconnect: false } | { reconnect: true; afterMs: number };

/**
 * The application close codes (RFC 6455 leaves 4000-4999 to us). Any code not listed here, 1006 above all, is a
 * connection that was lost: reconnect and resume.
 */
export const CLOSE_CODES = {
  ticket_invalid: { code: 4001, means: 'ticket expired, used or invalid', reconnect: false },
  forbidden: { code: 4003, means: 'origin or topic not allowed', reconnect: false },
  too_fast: { code: 4008, means: 'client sends too fast', reconnect: true, afterMs: 10_000 },
  bad_frame: { code: 4009, means: 'message too large, or not JSON twice in a row', reconnect: false },
  slow_reader: { code: 4010, means: 'slow reader', reconnect: true, afterMs: 0 },
  draining: { code: 4012, means: 'draining', reconnect: true, afterMs: 0 },
  silent: { code: 4013, means: 'no sign of life for 10 minutes', reconnect: true, afterMs: 0 },
  unknown_protocol: { code: 4015, means: 'protocol version not spoken', reconnect: false },
} as const satisfies Record<string, { code: number; means: string } & Reconnect>;

/** What to do after a connection closed with `code`. */
export function reconnectAfter(code: number): Reconnect {
  return Object.values(CLOSE_CODES).find(entry => entry.code === code) ?? { reconnect: true, afterMs: 0 };
}

/** `code` of an `error` frame: what was wrong with the client's message. */
export const ERROR_CODES = [
  'bad_json',
  'bad_message',
  'bad_filter',
  'too_many_subscriptions',
  'unknown_subscription',
  'rate_limited',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Why a raw Redis message, or an item of one, could not become an event. */
export const REJECT_REASONS = [
  'bad_json',
  'bad_shape',
  'missing_pattern',
  'missing_symbol',
  'missing_job_id',
  'bad_pattern',
  'bad_symbol',
  'bad_confidence',
  'too_large',
  'refused_by_edge',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** Why events between two times may be missing. */
export const GAP_REASONS = ['redis_disconnected', 'bridge_absent', 'outbox_overflow'] as const;
export type GapReason = (typeof GAP_REASONS)[number];
