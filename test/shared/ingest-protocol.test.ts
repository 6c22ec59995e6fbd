import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSignature, ingestBatchSchema, parseSignature } from '../../shared/ingest-protocol.ts';
import { ingestBatch, ingestPattern } from './samples.ts';

const HEX = 'a0'.repeat(32);

describe('the signature header', () => {
  it('reads back what it wrote', () => {
    const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), hex, (atMs, digest) => {
        expect(parseSignature(formatSignature(atMs, digest))).toEqual({ atMs, hex: digest });
      }),
    );
  });

  it.each([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['without a time', `v1=${HEX}`],
    ['with a time that is no number', `t=now,v1=${HEX}`],
    ['with a negative time', `t=-1,v1=${HEX}`],
    ['with a time of 17 digits', `t=${'1'.repeat(17)},v1=${HEX}`],
    ['with a short digest', `t=1,v1=${HEX.slice(1)}`],
    ['with a long digest', `t=1,v1=${HEX}0`],
    ['with an upper-case digest', `t=1,v1=${HEX.toUpperCase()}`],
    ['with spaces', `t=1, v1=${HEX}`],
    ['of another version', `t=1,v2=${HEX}`],
    ['with more behind it', `t=1,v1=${HEX},v1=${HEX}`],
    ['with a line break behind it', `t=1,v1=${HEX}\n`],
  ])('is none when it is %s', (_, header) => {
    expect(parseSignature(header)).toBeNull();
  });
});

describe('a batch', () => {
  const heartbeat = {
    at_ms: 1,
    redis_connected: true,
    redis_latency_ms: null,
    channels_subscribed: 3,
    channels_wanted: 3,
    last_message_at_ms: null,
    reasons: [],
  };
  const reject = { channel: 'c', reason: 'bad_json', sample: '{', at: 'now' };

  it.each([
    ['with one event', ingestBatch()],
    ['that is only a heartbeat', ingestBatch({ events: [], topic: undefined, heartbeat })],
    ['before any coverage is known', ingestBatch({ covers: null })],
    ['with 500 events', ingestBatch({ events: Array(500).fill(ingestPattern()) })],
    [
      'with counts',
      ingestBatch({
        counts: { rejected: [{ channel: 'c', reason: 'bad_json', count: 2 }], not_routed: [], probes: 1 },
      }),
    ],
  ])('is accepted %s', (_, batch) => {
    expect(ingestBatchSchema.safeParse(batch).success).toBe(true);
  });

  it.each([
    ['without a bridge', { bridge_id: '' }],
    ['with a batch id of 0', { batch_id: 0 }],
    ['for an unknown topic', { topic: 'market' }],
    ['with 501 events', { events: Array(501).fill(ingestPattern()) }],
    ['with 101 rejects', { rejects: Array(101).fill(reject) }],
    ['with a reject of an unknown reason', { rejects: [{ ...reject, reason: 'boredom' }] }],
    ['with a gap of an unknown reason', { gaps: [{ from_ms: 0, to_ms: 1, reason: 'boredom' }] }],
    ['with half a coverage', { covers: { from_ms: 1 } }],
    ['with a field it does not know', { surprise: 1 }],
    ['with an event that is none', { events: [{ kind: 'pattern' }] }],
  ])('is refused %s', (_, changes) => {
    expect(ingestBatchSchema.safeParse(ingestBatch(changes)).success).toBe(false);
  });
});
