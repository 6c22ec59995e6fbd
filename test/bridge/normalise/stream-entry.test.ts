import { expect, test } from 'vitest';
import { normaliseEntry } from '../../../bridge/normalise/stream-entry.ts';
import { deps, flat } from './support.ts';

const NOW = 1_795_205_700_000;
const streams = { s: { kind: 'pattern', tier: 'combo', field: 'data' } } as const;
const { timestamp: _, detection_timestamp: __, ...untimed } = flat() as Record<string, unknown>;

function read(id: string, fields: string[], receivedAtMs = NOW) {
  return normaliseEntry({ stream: 's', id, fields, receivedAtMs }, streams, deps);
}

test('an entry is the message in its field, of the stream as a channel, received when it was received', () => {
  const fields = ['other', 'data', 'data', JSON.stringify({ pattern: 'Doji', symbol: 'A', confidence: 0.5 })];
  expect(read(`${NOW - 5_000}-0`, fields)).toMatchObject([
    { event: { pattern_type: 'Doji', tier: 'combo', channel: 's', hops: { bridge_at_ms: NOW } } },
  ]);
});

test('what has no time is of the time at which it was added, whenever it is delivered', () => {
  const fields = ['data', JSON.stringify(untimed)];
  const [first, again] = [read(`${NOW - 5_000}-0`, fields), read(`${NOW - 5_000}-0`, fields, NOW + 600_000)];
  const at = new Date(NOW - 5_000).toISOString();
  for (const outcomes of [first, again]) {
    expect(outcomes).toMatchObject([{ event: { detected_at: at, time_origin: 'received' } }]);
  }
});

test.each(['7-0', `${NOW + 60_000}-0`])('an id that cannot be a time of the past is none: %s', id => {
  const at = new Date(NOW).toISOString();
  expect(read(id, ['data', JSON.stringify(untimed)])).toMatchObject([{ event: { detected_at: at } }]);
});

test('an entry without its field is a reject that shows what it has', () => {
  expect(read('7-0', ['payload', '{}'])).toMatchObject([
    { reject: { channel: 's', reason: 'bad_shape', sample: '["payload","{}"]' } },
  ]);
  expect(read('7-0', ['data', '{'])).toMatchObject([{ reject: { reason: 'bad_json', sample: '{' } }]);
});
