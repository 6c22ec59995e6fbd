/** Rows that hubs write: measured, and held to by `test/workers/rows-written.test.ts` and `billed-operations.test.ts`. */
export const ROWS = {
  /** Of each pattern: the tape with its indexes, the detection. */
  perPattern: 5,
  /** Of each batch: what is known of the bridge, and what it covers. */
  perBatch: 2,
  /** Of each batch with something new: how far the tape goes. */
  perAppend: 1,
  perHeartbeat: 1,
  /** Of each replica that is told of an event: up to where it has handed on. */
  perForward: 1,
  /** Of each object in a second with a batch, or in which it is told of an event: its counts. */
  counts: 1,
};

/**
 * Milliseconds for which an object works on a call, measured here on a busy machine of two cores and rounded up
 * (`npm run costs -- --simulate`). Billed is no more: what could sleep and does not yet is not
 * (https://developers.cloudflare.com/durable-objects/platform/pricing/).
 */
export const ACTIVE_MS = {
  perBatch: 8,
  perRead: 15,
  perMessage: 1,
  /** A replica that is told something, without its frames. */
  perForward: 0.5,
  /** What one more session adds to a flush. */
  perFrame: 0.02,
};
