import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFrame } from '../../../web/client/frames.ts';
import { error, events, gap, heartbeat, hello, replay, subscribed } from './frames.ts';

const GOOD = [
  hello(),
  subscribed('s1'),
  subscribed('s1', { recovered: true }),
  { type: 'unsubscribed', id: 's1' },
  events(5, [4, 5]),
  events(5, [], { withheld: { from: 1, to: 5, rate_limited: 5, skipped: 0 } }),
  replay('s1', 5, [5], true),
  gap(5),
  heartbeat(5),
  error('bad_json'),
  error('bad_filter', { id: 's1' }),
  { type: 'draining', retry_after_ms: 1_800 },
];

describe('a frame', () => {
  it.each(GOOD)('is read as it is: $type', frame => {
    expect(readFrame(JSON.stringify(frame))).toEqual({ kind: 'frame', frame });
  });

  it('may have fields and values that this client does not know', () => {
    const frame = { ...heartbeat(5), added_later: { deep: true } };
    expect(readFrame(JSON.stringify(frame))).toEqual({ kind: 'frame', frame });
    expect(readFrame(JSON.stringify(error('a_new_code'))).kind).toBe('frame');
  });

  it.each(['surprise', 'toString', '__proto__', 'hasOwnProperty'])('of type %j is unknown', type => {
    expect(readFrame(JSON.stringify({ type }))).toEqual({ kind: 'unknown_frame', detail: type });
  });

  it.each([
    ['not JSON', '{'],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['without a type', '{}'],
    ['with a type that is no text', '{"type":1}'],
    ['binary', new Uint8Array(3)],
  ])('is malformed when it is %s', (_, data) => {
    expect(readFrame(data)).toEqual({ kind: 'malformed_frame', detail: 'not an object with a type' });
  });

  it.each([
    hello({ epoch: null }),
    hello({ server_at_ms: '1' }),
    subscribed('s1', { position: null }),
    subscribed('s1', { position: { epoch: 'e', seq: 'x' } }),
    subscribed('s1', { recovered: 1 }),
    { type: 'unsubscribed' },
    events(1, [], { events: {} }),
    events(1, [], { events: [null] }),
    events(1, [], { events: [{ seq: '1' }] }),
    events(1, [], { head: null }),
    events(1, [], { withheld: null }),
    events(1, [], { withheld: { from: 1 } }),
    replay('s1', 1, [], true, { done: 1 }),
    replay('s1', 1, [], true, { replay: 'yes' }),
    replay('s1', 1, [], true, { id: undefined }),
    gap(1, { from: 0 }),
    heartbeat(1, { head: undefined }),
    error('bad_json', { id: 1 }),
    error('bad_json', { message: undefined }),
    { type: 'draining' },
  ])('is malformed when a field that matters is wrong: %j', frame => {
    expect(readFrame(JSON.stringify(frame))).toEqual({ kind: 'malformed_frame', detail: frame.type });
  });

  it('never makes the reader throw', () => {
    const types = fc.constantFrom(...GOOD.map(frame => frame.type), 'other');
    const anything = fc.record({ type: types, events: fc.jsonValue(), position: fc.jsonValue(), id: fc.jsonValue() });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          anything.map(value => JSON.stringify(value)),
        ),
        text => {
          expect(['frame', 'unknown_frame', 'malformed_frame']).toContain(readFrame(text).kind);
        },
      ),
    );
  });
});
