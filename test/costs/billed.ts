/**
 * What 1,000 events cost in billed operations, besides a row a second for the counts of each object, and one a minute where Analytics Engine is bound: measured, and held to by `test/workers/billed-operations.test.ts`.
 * A change that makes the system dearer is to be seen here.
 */
export const BILLED_PER_1000_EVENTS = {
  /** Each comes alone, as at a few a second; the hub has the sockets. */
  alone: { workerRequests: 1_000, objectRequests: 1_000, rowsWritten: 8_000 },
  /** In batches of 50, as in a burst. */
  inBatches: { workerRequests: 20, objectRequests: 20, rowsWritten: 5_060 },
  /** Each alone, and two replicas have sessions; of each a row is its position. */
  twoReplicas: { workerRequests: 1_000, objectRequests: 3_000, rowsWritten: 10_000 },
};
