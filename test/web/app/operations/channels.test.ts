import { describe, expect, it } from 'vitest';
import type { Channels } from '../../../../shared/api/channels.ts';
import { channelState, subscribersOf } from '../../../../web/app/operations/channel-state.ts';
import { bytesWords, perMinuteWords, spanBoundWords } from '../../../../web/app/operations/figures.ts';
import { Growth } from '../../../../web/app/operations/growth.ts';
import { rejectGroups } from '../../../../web/app/operations/reject-groups.ts';
import { NOW_MS } from './answers.ts';

type Channel = Channels['channels'][number];

function channel(lastAgoMs: number | null, bridge: Partial<Channel['bridges'][number]> | null = {}): Channel {
  const last_message_at = lastAgoMs === null ? null : new Date(NOW_MS - lastAgoMs).toISOString();
  const heard = { bridge_id: 'b', subscribed: true, subscribers: 2, messages: 1, last_message_at };
  return {
    channel: 'my.patterns',
    kind: 'pattern',
    tier: 'daily',
    last_message_at,
    shapes: ['flat'],
    bridges: bridge ? [{ ...heard, shapes: ['flat'], events: 1, rejects: 0, ...bridge }] : [],
    rejects: [],
    not_routed: [],
  };
}
const context = (changes: object = {}) => ({
  bridges: [{ bridge_id: 'b', name: 'b', told_at: new Date(NOW_MS).toISOString(), alive: true }],
  nowMs: NOW_MS,
  isTrading: true,
  ...changes,
});

describe('a channel', () => {
  it.each([
    ['heard lately', channel(1_000), {}, 'ok heard'],
    ['never heard', channel(null), {}, 'unknown never heard'],
    ['silent for long in regular trading', channel(900_000), {}, 'warn silent for 15 min'],
    ['silent at night', channel(900_000), { isTrading: false }, 'ok heard'],
    ['silent for days, and so not of those that speak', channel(2 * 86_400_000), {}, 'ok heard'],
    ['not subscribed', channel(1_000, { subscribed: false }), {}, 'down not subscribed'],
    ['a stream, which is not subscribed to', channel(1_000, { subscribed: null }), {}, 'ok heard'],
    ['of a bridge that is gone', channel(1_000), { bridges: [] }, 'down no bridge listens'],
    ['of rejects alone', channel(1_000, null), {}, 'down no bridge listens'],
  ])('%s says so', (_, told, changes, expected) => {
    const { state, words } = channelState(told, context(changes));
    expect(`${state} ${words}`).toBe(expected);
  });

  it('has the subscribers that Redis counts, or nobody knows how many', () => {
    expect(subscribersOf(channel(1_000))).toBe(2);
    expect(subscribersOf(channel(1_000, { subscribers: null }))).toBeNull();
  });
});

describe('how fast counts grow', () => {
  const of = (count: number) => new Map([['a', count]]);

  it('is not known of one count, and then over the last minute', () => {
    const growth = new Growth();
    growth.add(NOW_MS, of(10));
    expect(growth.perMinute('a')).toBeNull();
    growth.add(NOW_MS + 30_000, of(16));
    expect(growth.perMinute('a')).toBe(12);
    expect(growth.perMinute('b')).toBe(0);
    growth.add(NOW_MS + 60_000, of(16));
    growth.add(NOW_MS + 120_000, of(17));
    expect(growth.perMinute('a')).toBe(1);
  });

  it('learns nothing from what it knows already, and is not known when a count began anew', () => {
    const growth = new Growth();
    growth.add(NOW_MS, of(10));
    growth.add(NOW_MS, of(20));
    expect(growth.perMinute('a')).toBeNull();
    growth.add(NOW_MS + 1_000, of(3));
    expect(growth.perMinute('a')).toBeNull();
  });
});

it('groups rejects by channel and field, in an order that counting does not change', () => {
  const sample = '{"patern":"Doji"}';
  const at = new Date(NOW_MS).toISOString();
  const groups = rejectGroups({
    rejects: [{ channel: 'b', reason: 'missing_pattern', sample, at }],
    counts: [
      { channel: 'b', reason: 'missing_symbol', count: 900 },
      { channel: 'b', reason: 'missing_pattern', count: 2 },
      { channel: 'a', reason: 'bad_json', count: 1 },
    ],
    not_routed: [],
  });
  expect(groups.map(({ channel, field, count }) => `${channel} ${field} ${count}`)).toEqual([
    'a message 1',
    'b pattern 2',
    'b symbol 900',
  ]);
  expect(groups[1]!.newest).toMatchObject({ sample, words: expect.stringContaining('"patern" may be meant') });
  expect(groups[2]!.newest).toBeNull();
});

it('words figures, and says of what is not known that it is not', () => {
  expect([null, 0, 4.25, 9.96, 1_204.4].map(perMinuteWords)).toEqual([
    'n/a',
    '0/min',
    '4.3/min',
    '10/min',
    '1,204/min',
  ]);
  expect([0.25, 5_000, 30_000, 3_600_000, Number.POSITIVE_INFINITY].map(spanBoundWords)).toEqual([
    '≤ 0.25 ms',
    '≤ 5,000 ms',
    '≤ 30 s',
    '≤ 60 min',
    '> 60 min',
  ]);
  expect([512, 3_400, 262_144, 33_554_432].map(bytesWords)).toEqual(['512 B', '3.4 kB', '262 kB', '34 MB']);
});
