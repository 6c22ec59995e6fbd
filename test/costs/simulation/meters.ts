/** What the simulated tree has done: billed operations, and what they took. */
export interface Meters {
  /** Requests to the root, to replicas, and for joining. */
  batches: number;
  forwards: number;
  joins: number;
  rowsWritten: number;
  /** Milliseconds in which the root, and all replicas together, worked. */
  rootMs: number;
  replicaMs: number;
  /** That would have been handed to sockets. */
  frames: number;
  sessions: number;
}
