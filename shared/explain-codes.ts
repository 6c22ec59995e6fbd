/** What a note of an explanation is about, of one session alone. */
export const SESSION_EXPLAIN_CODES = [
  'no_subscription',
  'subscribed_later',
  'connected_later',
  'behind',
  'blocked',
  'withheld',
  'share_of_another',
  'reads_slowly',
  'sent',
] as const;

/** What is a reason, or is known to be none, why somebody has not got the event. */
export const EXPLAIN_CODES = [
  'filter',
  'broadcast',
  'group',
  'not_flushed',
  'not_remembered',
  'nobody_live',
  'rate_limited',
  'skipped',
  'closed',
  'catching_up',
  ...SESSION_EXPLAIN_CODES,
] as const;
