import * as z from 'zod';
import { CLOSE_CODES } from '../../shared/codes.ts';
import { MAX_ID_LENGTH, SESSION_LIMITS } from '../../shared/limits.ts';
import { utf8Bytes } from '../../shared/text.ts';
import { TokenBucket } from './rate-limiter.ts';

/** What is remembered of a client's messages. */
export interface Sender {
  readonly messages: TokenBucket;
  /** Messages refused for coming too fast; when this runs out too, the session is closed. */
  readonly patience: TokenBucket;
  /** Messages in a row that were not JSON. */
  unreadable: number;
}

/** A message's JSON, or why it is refused, or with what its sender is closed. */
export type ReadMessage =
  | { value: unknown }
  | { refuse: 'rate_limited' | 'bad_json'; message: string }
  | { close: { code: number; means: string } };

export function newSender(): Sender {
  const rate = { perSecond: SESSION_LIMITS.messages_per_second, burst: SESSION_LIMITS.message_burst };
  return { messages: new TokenBucket(rate), patience: new TokenBucket(rate), unreadable: 0 };
}

/**
 * Takes one message of a client. Whatever is wrong with it is to be told and changes nothing; only a client that cannot
 * be talked to (too large, twice not JSON, far too fast) is to be closed.
 */
export function readMessage(sender: Sender, message: string | ArrayBuffer, nowMs: number): ReadMessage {
  if (!sender.messages.tryTake(nowMs)) {
    if (!sender.patience.tryTake(nowMs)) return { close: CLOSE_CODES.too_fast };
    return { refuse: 'rate_limited', message: `more than ${SESSION_LIMITS.messages_per_second} messages a second` };
  }
  if (sizeOf(message) > SESSION_LIMITS.max_message_bytes) return { close: CLOSE_CODES.bad_frame };
  const parsed = parseJson(message);
  if (parsed) {
    sender.unreadable = 0;
    return parsed;
  }
  if (++sender.unreadable === 2) return { close: CLOSE_CODES.bad_frame };
  return { refuse: 'bad_json', message: 'messages are JSON in text frames' };
}

const idSchema = z.object({ id: z.string().min(1).max(MAX_ID_LENGTH) });

/** The id that a bad message named, so that its sender knows which of its requests failed. */
export function idOf(value: unknown): string | undefined {
  return idSchema.safeParse(value).data?.id;
}

function parseJson(message: string | ArrayBuffer): { value: unknown } | null {
  if (typeof message !== 'string') return null;
  try {
    return { value: JSON.parse(message) };
  } catch {
    return null;
  }
}

/** Bytes in UTF-8; of a text that is too large in any case, no more than that it is. */
function sizeOf(message: string | ArrayBuffer): number {
  if (typeof message !== 'string') return message.byteLength;
  // UTF-8 takes 1 to 3 bytes a unit: most messages need no second look.
  return message.length > SESSION_LIMITS.max_message_bytes ? message.length : utf8Bytes(message);
}
