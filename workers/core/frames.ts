import type { Withheld } from '../../shared/client-protocol.ts';
import { MAX_FRAME_BYTES, MAX_FRAME_EVENTS } from '../../shared/limits.ts';
import { utf8Bytes } from '../../shared/text.ts';

/** An event as it goes on the wire: serialised once, when it was appended. */
export interface WireEvent {
  seq: number;
  /** JSON text. */
  body: string;
  /** Of the body in UTF-8. */
  bytes: number;
}

/** One WebSocket message, with what it takes: those that many sessions share are measured once. */
export interface Frame {
  text: string;
  /** In UTF-8. */
  bytes: number;
}

export function frameOf(message: object): Frame {
  const text = JSON.stringify(message);
  return { text, bytes: utf8Bytes(text) };
}

/** A gap on the tape is a message as it stands. */
export function gapFrame({ body, bytes }: WireEvent): Frame {
  return { text: body, bytes };
}

/** Kept free for what is in a frame besides its events: epoch, position, what is withheld, a subscription's id. */
const ENVELOPE_BYTES = 1_024;
const COMMA_BYTES = 1;

/** Cuts a list into what fits one frame each: at most 50 events or 64 KB, but always at least one event. */
export function splitIntoFrames<E extends WireEvent>(events: readonly E[]): E[][] {
  const frames: E[][] = [];
  let frame: E[] = [];
  let bytes = ENVELOPE_BYTES;
  for (const event of events) {
    if (frame.length > 0 && (frame.length === MAX_FRAME_EVENTS || bytes + event.bytes > MAX_FRAME_BYTES)) {
      frames.push(frame);
      frame = [];
      bytes = ENVELOPE_BYTES;
    }
    frame.push(event);
    bytes += event.bytes + COMMA_BYTES;
  }
  if (frame.length > 0) frames.push(frame);
  return frames;
}

/**
 * The frames of one flush for a session. Until the last, `head` is one less than the lowest seq still
 * to be sent, so that a client cut off between two resumes from where nothing is missing. What is withheld is told in
 * the first, before any `head` passes it.
 *
 * @param events in the order they are to be sent; seqs need not ascend
 */
export function liveFrames(
  flush: { epoch: string; head: number },
  events: readonly WireEvent[],
  withheld?: Withheld,
): Frame[] {
  const parts = splitIntoFrames(events);
  if (parts.length === 0) parts.push([]);
  const frames = new Array<Frame>(parts.length);
  let head = flush.head;
  for (let i = parts.length - 1; i >= 0; i--) {
    const told = i === 0 && withheld ? `,"withheld":${JSON.stringify(withheld)}` : '';
    frames[i] = eventsFrame({ epoch: flush.epoch, head }, parts[i]!, told);
    for (const { seq } of parts[i]!) head = Math.min(head, seq - 1);
  }
  return frames;
}

/** One frame of a backfill; `head` is the position of subscription `id` alone. */
export function replayFrame(
  replay: { epoch: string; head: number; id: string; done: boolean },
  events: readonly WireEvent[],
): Frame {
  const { id, done, ...position } = replay;
  return eventsFrame(position, events, `,"replay":true,"id":${JSON.stringify(id)},"done":${done}`);
}

function eventsFrame(position: { epoch: string; head: number }, events: readonly WireEvent[], rest: string): Frame {
  const before = `{"type":"events","epoch":"${position.epoch}","head":${position.head},"events":[`;
  const after = `]${rest}}`;
  let bytes = utf8Bytes(before) + utf8Bytes(after) + Math.max(0, events.length - 1) * COMMA_BYTES;
  for (const event of events) bytes += event.bytes;
  return { text: `${before}${events.map(({ body }) => body).join(',')}${after}`, bytes };
}
