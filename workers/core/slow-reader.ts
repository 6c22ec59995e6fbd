/** Bytes that a socket, or all of a hub's, may have waiting to be read by the other side. */
export const THIN_FROM_BYTES = 256 * 1024;
export const CLOSE_FROM_BYTES = 1024 * 1024;
export const HUB_QUEUE_BYTES = 32 * 1024 * 1024;

/**
 * What to do with a session that has `bufferedBytes` unread, while the hub's sockets together have `hubBytes`. Above the
 * hub's limit both thresholds are a quarter: closing a reader that does not read frees nothing until its connection
 * dies, so the others must queue less meanwhile.
 */
export function readerState(bufferedBytes: number, hubBytes: number): 'keeps_up' | 'thinned' | 'too_slow' {
  const share = isOverfull(hubBytes) ? 4 : 1;
  if (bufferedBytes > CLOSE_FROM_BYTES / share) return 'too_slow';
  return bufferedBytes > THIN_FROM_BYTES / share ? 'thinned' : 'keeps_up';
}

/** Whether the hub's sockets together have so much unread that no further one is taken. */
export function isOverfull(hubBytes: number): boolean {
  return hubBytes > HUB_QUEUE_BYTES;
}
