import { describe, expect, it } from 'vitest';
import { SESSION_LIMITS } from '../../shared/limits.ts';
import { idOf, newSender, readMessage } from '../../workers/core/read-message.ts';

const { message_burst, messages_per_second, max_message_bytes } = SESSION_LIMITS;

describe('a message', () => {
  it('is read as JSON', () => {
    expect(readMessage(newSender(), '{"a":[1]}', 0)).toEqual({ value: { a: [1] } });
    expect(readMessage(newSender(), 'null', 0)).toEqual({ value: null });
  });

  it('that is no JSON is refused once, and closes its sender when the next is none either', () => {
    const sender = newSender();
    expect(readMessage(sender, '{', 0)).toMatchObject({ refuse: 'bad_json' });
    expect(readMessage(sender, '{}', 0)).toEqual({ value: {} });
    expect(readMessage(sender, new ArrayBuffer(2), 0)).toMatchObject({ refuse: 'bad_json' });
    expect(readMessage(sender, '', 0)).toMatchObject({ close: { code: 4009 } });
  });

  it('has at most so many bytes in UTF-8', () => {
    const text = (inner: string) => JSON.stringify(inner);
    expect(readMessage(newSender(), text('x'.repeat(max_message_bytes - 2)), 0)).toHaveProperty('value');
    expect(readMessage(newSender(), text('x'.repeat(max_message_bytes - 1)), 0)).toMatchObject({
      close: { code: 4009 },
    });
    expect(readMessage(newSender(), text('é'.repeat(max_message_bytes / 2)), 0)).toMatchObject({
      close: { code: 4009 },
    });
    expect(readMessage(newSender(), new ArrayBuffer(max_message_bytes + 1), 0)).toMatchObject({
      close: { code: 4009 },
    });
  });

  it('that comes too fast is refused, and closes its sender when it goes on', () => {
    const sender = newSender();
    const send = (count: number, nowMs: number) => Array.from({ length: count }, () => readMessage(sender, '1', nowMs));
    expect(send(message_burst, 0).every(read => 'value' in read)).toBe(true);
    expect(send(message_burst, 0).every(read => 'refuse' in read && read.refuse === 'rate_limited')).toBe(true);
    expect(send(1, 0)).toMatchObject([{ close: { code: 4008 } }]);
    expect(send(messages_per_second, 1_000).every(read => 'value' in read)).toBe(true);
  });
});

it('the id of a bad message is told to its sender when it has one', () => {
  expect(idOf({ id: 'a', type: 7 })).toBe('a');
  for (const other of [null, 'a', {}, { id: 7 }, { id: '' }, { id: 'x'.repeat(65) }])
    expect(idOf(other)).toBeUndefined();
});
