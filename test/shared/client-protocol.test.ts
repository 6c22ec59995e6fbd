import { describe, expect, it } from 'vitest';
import { clientMessageSchema, serverMessageSchema } from '../../shared/client-protocol.ts';
import { SESSION_LIMITS } from '../../shared/limits.ts';
import { patternEvent } from './samples.ts';

describe('a message from a client', () => {
  it.each([
    ['a bare subscription', { type: 'subscribe', id: 's1' }],
    [
      'one with everything',
      { type: 'subscribe', id: 's1', filter: { symbols: ['A'] }, snapshot: 200, resume: { epoch: 'e', seq: 0 } },
    ],
    ['a group', { type: 'subscribe', id: 'w', group: 'workers' }],
    ['an id of 64 characters', { type: 'unsubscribe', id: 'x'.repeat(64) }],
  ])('is accepted: %s', (_, message) => {
    expect(clientMessageSchema.parse(message)).toEqual(message);
  });

  it.each([
    ['no object', 'subscribe'],
    ['null', null],
    ['no type', { id: 's1' }],
    ['an unknown type', { type: 'publish', id: 's1' }],
    ['no id', { type: 'subscribe' }],
    ['an empty id', { type: 'subscribe', id: '' }],
    ['an id of 65 characters', { type: 'subscribe', id: 'x'.repeat(65) }],
    ['an id that is a number', { type: 'unsubscribe', id: 1 }],
    ['a misspelt field', { type: 'subscribe', id: 's1', filters: {} }],
    ['a bad filter', { type: 'subscribe', id: 's1', filter: { symbols: 'A' } }],
    ['a snapshot over 200', { type: 'subscribe', id: 's1', snapshot: 201 }],
    ['a negative snapshot', { type: 'subscribe', id: 's1', snapshot: -1 }],
    ['half a snapshot', { type: 'subscribe', id: 's1', snapshot: 1.5 }],
    ['a position without an epoch', { type: 'subscribe', id: 's1', resume: { seq: 1 } }],
    ['a position before the tape', { type: 'subscribe', id: 's1', resume: { epoch: 'e', seq: -1 } }],
    ['a position with more', { type: 'subscribe', id: 's1', resume: { epoch: 'e', seq: 1, id: 's' } }],
    ['an empty group', { type: 'subscribe', id: 's1', group: '' }],
    ['a filter on an unsubscribe', { type: 'unsubscribe', id: 's1', filter: {} }],
  ])('is refused: %s', (_, message) => {
    expect(clientMessageSchema.safeParse(message).success).toBe(false);
  });
});

const FRAMES = {
  hello: {
    type: 'hello',
    protocol: 1,
    topic: 'daily',
    session_id: 'x',
    epoch: 'e',
    head: 0,
    oldest: 1,
    heartbeat_ms: 15_000,
    limits: { ...SESSION_LIMITS },
    identity: { user_id: 'u', guest: true },
    server_at_ms: 1,
  },
  subscribed: { type: 'subscribed', id: 's1', filter: {}, position: { epoch: 'e', seq: 1 }, recovered: null },
  unsubscribed: { type: 'unsubscribed', id: 's1' },
  live: { type: 'events', epoch: 'e', head: 1, events: [patternEvent()] },
  withheld: {
    type: 'events',
    epoch: 'e',
    head: 9,
    events: [],
    withheld: { from: 2, to: 9, rate_limited: 1, skipped: 0 },
  },
  replay: { type: 'events', epoch: 'e', head: 1, events: [patternEvent()], replay: true, id: 's1', done: true },
  gap: { type: 'gap', epoch: 'e', seq: 3, from: 'a', to: 'b', reason: 'bridge_absent' },
  heartbeat: { type: 'heartbeat', head: 1, last_event_at: null, bridge_at_ms: 1, bridges: 2, server_at_ms: 1 },
  error: { type: 'error', id: 's1', code: 'bad_filter', message: 'no', retryable: false },
  draining: { type: 'draining', retry_after_ms: 1_800 },
};

describe('a frame from a hub', () => {
  it.each(Object.entries(FRAMES))('is read as it is: %s', (_, frame) => {
    expect(serverMessageSchema.parse(frame)).toEqual(frame);
  });

  it.each([
    ['an unknown type', { type: 'surprise' }],
    ['a negative head', { ...FRAMES.live, head: -1 }],
    ['a gap without a known reason', { ...FRAMES.gap, reason: 'weather' }],
    ['an error without a known code', { ...FRAMES.error, code: 'oops' }],
    ['an event that is none', { ...FRAMES.live, events: [{ seq: 1 }] }],
    ['a recovery that is text', { ...FRAMES.subscribed, recovered: 'yes' }],
  ])('is refused: %s', (_, frame) => {
    expect(serverMessageSchema.safeParse(frame).success).toBe(false);
  });
});
