import * as z from 'zod';

/** What an error is answered with: a problem document (RFC 9457) that names the field. */
export const problemSchema = z.object({
  type: z.literal('about:blank'),
  /** Which of `PROBLEMS` it is. */
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** What of the request is at fault: a parameter, a header, a path into the body. */
  field: z.string().optional(),
});

/** A batch was signed too far from the Worker's clock, which is told so that the next try can be signed by it. */
export const clockSkewSchema = problemSchema.extend({ server_at_ms: z.int() });

/** Every error by the `title` of its document. */
export const PROBLEMS = {
  bad_parameter: { status: 400, when: 'a parameter is wrong, or there is none of this name' },
  bad_body: { status: 400, when: 'the body is not JSON, or not what this route takes' },
  bad_protocol: { status: 400, when: 'a ticket is offered without `tickstock.v1`' },
  bad_header: { status: 400, when: 'a header is not of the form that it must have' },
  credentials_in_url: { status: 400, when: 'the query has an `access_token`, `token` or `ticket`' },
  over_limit: { status: 400, when: 'more would be kept of the user than is allowed' },
  bad_signature: { status: 401, when: 'the signature is missing or not of this body and secret' },
  clock_skew: { status: 401, when: 'the signature is more than 5 minutes from the Worker’s clock' },
  bad_token: { status: 401, when: 'the token is missing or not good' },
  ticket_used: { status: 401, when: 'between hub and Worker only: a client’s connection is closed with 4001' },
  token_expired: { status: 401, when: 'the token was good' },
  forbidden_topic: { status: 403, when: 'the token is not for this topic' },
  admin_only: { status: 403, when: 'the token has not the role `admin`' },
  foreign_origin: { status: 403, when: 'a page of another origin may change nothing' },
  not_found: { status: 404, when: 'there is no such thing' },
  revision_conflict: { status: 409, when: 'somebody else has written since; `current` is what is kept' },
  being_sent: { status: 409, when: 'the same backtest is being handed over' },
  too_large: { status: 413, when: 'the body is too large' },
  schema: { status: 422, when: 'the body is not of the schema' },
  idempotency_key_reused: { status: 422, when: 'another backtest was asked for under this key' },
  upgrade_required: { status: 426, when: 'this is a WebSocket address' },
  rate_limited: { status: 429, when: 'too many requests of this address or user' },
  too_many_connections: { status: 429, when: 'too many connections of this address or user' },
  too_many_backtests: { status: 429, when: 'as many of the user’s backtests as may be are under way' },
  internal_error: { status: 500, when: 'something is wrong here, and in the log' },
  backtests_unavailable: { status: 503, when: 'the variable `field`, which backtests need, is not set' },
  backtests_unreachable: { status: 503, when: 'Redis, by which backtests are asked for, gave no good answer' },
  misconfigured: { status: 503, when: 'a variable of the Worker, `field`, is missing or wrong' },
  hub_unavailable: { status: 503, when: 'a hub gave no answer' },
  hub_overfull: { status: 503, when: 'the hub’s sockets have too much unread' },
  draining: { status: 503, when: 'the hub is about to be restarted' },
  reference_unavailable: { status: 503, when: 'the operator’s reference data cannot be read' },
  keys_unavailable: { status: 503, when: 'the keys that tokens are checked with cannot be had' },
} as const satisfies Record<string, { status: number; when: string }>;
export type ProblemTitle = keyof typeof PROBLEMS;
