import type { UserItem } from '../../../shared/user-data.ts';
import type { UserMessage } from '../../../shared/user-protocol.ts';

/** What is said of items, and not of anything else that the connection carries. */
export type ItemMessage = Extract<UserMessage, { type: 'hello' | 'changed' | 'error' }>;

type Fields = Record<string, unknown>;

/** A frame of `/ws/me`, as far as the page relies on it; null = something else, which is left alone. Never throws. */
export function readUserFrame(data: unknown): ItemMessage | null {
  const frame = fieldsOf(parse(data));
  const { type } = frame;
  const isRead =
    (type === 'hello' && isIdentity(fieldsOf(frame.identity)) && isItems(frame.items)) ||
    (type === 'changed' && isItems(frame.changes)) ||
    (type === 'error' && typeof frame.message === 'string');
  return isRead ? (frame as unknown as ItemMessage) : null;
}

function isIdentity({ user_id, guest }: Fields): boolean {
  return typeof user_id === 'string' && typeof guest === 'boolean';
}

function isItems(value: unknown): value is UserItem[] {
  return (
    Array.isArray(value) &&
    value.map(fieldsOf).every(({ kind, id }) => typeof kind === 'string' && typeof id === 'string')
  );
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    // Not JSON.
    return null;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
