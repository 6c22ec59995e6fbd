import type { ServerMessage } from '../../shared/client-protocol.ts';

/** A frame as read: what it says, or why it says nothing to this client. */
export type ReadFrame =
  | { kind: 'frame'; frame: ServerMessage }
  | { kind: 'unknown_frame' | 'malformed_frame'; detail: string };

type Fields = Record<string, unknown>;

/**
 * Reads a text frame of the server. Checks what the client itself relies on and lets everything else through, so that
 * additions to the protocol do no harm. Never throws.
 */
export function readFrame(data: unknown): ReadFrame {
  const frame = parse(data);
  if (!frame || typeof frame.type !== 'string') return { kind: 'malformed_frame', detail: 'not an object with a type' };
  const isWellFormed = Object.hasOwn(CHECKS, frame.type) ? CHECKS[frame.type as keyof typeof CHECKS] : null;
  if (!isWellFormed) return { kind: 'unknown_frame', detail: frame.type };
  if (!isWellFormed(frame)) return { kind: 'malformed_frame', detail: frame.type };
  return { kind: 'frame', frame: frame as unknown as ServerMessage };
}

const CHECKS: { [Type in ServerMessage['type']]: (frame: Fields) => boolean } = {
  hello: ({ protocol, epoch, head, heartbeat_ms, server_at_ms }) =>
    isText(epoch) && [protocol, head, heartbeat_ms, server_at_ms].every(isNumber),
  subscribed: ({ id, position, recovered }) =>
    isText(id) && isPosition(position) && (recovered === null || typeof recovered === 'boolean'),
  unsubscribed: ({ id }) => isText(id),
  events: ({ epoch, head, events, withheld, replay, id, done }) =>
    isText(epoch) &&
    isNumber(head) &&
    Array.isArray(events) &&
    events.every(event => isNumber(fieldsOf(event)?.seq)) &&
    (withheld === undefined || isWithheld(withheld)) &&
    (replay === undefined || (replay === true && isText(id) && typeof done === 'boolean')),
  gap: ({ epoch, seq, from, to, reason }) => isNumber(seq) && [epoch, from, to, reason].every(isText),
  heartbeat: ({ head, bridge_at_ms, server_at_ms }) => [head, bridge_at_ms, server_at_ms].every(isNumber),
  error: ({ id, code, message }) => (id === undefined || isText(id)) && isText(code) && isText(message),
  draining: ({ retry_after_ms }) => isNumber(retry_after_ms),
};

function parse(data: unknown): Fields | null {
  if (typeof data !== 'string') return null;
  try {
    return fieldsOf(JSON.parse(data));
  } catch {
    // Not JSON: the caller reports it.
    return null;
  }
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null ? (value as Fields) : null;
}

function isPosition(value: unknown): boolean {
  const fields = fieldsOf(value);
  return isText(fields?.epoch) && isNumber(fields?.seq);
}

function isWithheld(value: unknown): boolean {
  const { from, to, rate_limited, skipped } = fieldsOf(value) ?? {};
  return [from, to, rate_limited, skipped].every(isNumber);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
