import { describe, expect, it } from 'vitest';
import { PerChannel } from '../../bridge/channel-counts.ts';
import { heardChannels } from '../../bridge/heard-channels.ts';
import type { Outcome } from '../../bridge/normalise/normalise.ts';
import { CHANNELS } from '../../shared/channels.ts';
import { heardChannelSchema } from '../../shared/ingest-protocol.ts';
import { ingestPattern } from '../shared/samples.ts';

const DAILY = 'tickstock.events.patterns.daily';
const inShape = (shape: string): Outcome => ({ event: ingestPattern({ shape }) });
const reject: Outcome = { reject: { channel: DAILY, reason: 'bad_json', sample: '{', at: 'now' } };

describe('what is counted per channel', () => {
  it('is messages, what became of them, and each shape once', () => {
    const counts = new PerChannel();
    counts.noteMessage(DAILY, [inShape('batch'), inShape('batch'), reject], 5);
    counts.noteMessage(DAILY, [inShape('flat')], 7);
    counts.noteMessage(DAILY, [{ probe: true }], 9);
    counts.noteReject(DAILY);
    const heard = { messages: 3, lastMessageAtMs: 9, shapes: ['batch', 'flat'], events: 3, rejects: 2 };
    expect(counts.heard()).toEqual({ [DAILY]: heard });
  });

  it('is told of every channel and stream of the table, heard or not, as the Worker takes it', () => {
    const counts = new PerChannel();
    counts.noteMessage(DAILY, [inShape('flat')], 5);
    counts.noteMessage('entries', [inShape('flat')], 6);
    const streams = { entries: { kind: 'pattern', tier: 'combo', field: 'data' } } as const;
    const told = heardChannels({ channels: CHANNELS, streams }, counts, channel => ({
      subscribed: true,
      subscribers: channel === DAILY ? 2 : null,
    }));
    expect(told.map(({ channel }) => channel)).toEqual([...Object.keys(CHANNELS), 'entries']);
    expect(told.every(entry => heardChannelSchema.safeParse(entry).success)).toBe(true);
    expect(told.find(({ channel }) => channel === DAILY)).toMatchObject({ tier: 'daily', messages: 1, subscribers: 2 });
    expect(told.find(({ channel }) => channel === 'tickstock:errors')).toEqual({
      channel: 'tickstock:errors',
      kind: 'operations',
      tier: null,
      subscribed: true,
      subscribers: null,
      messages: 0,
      last_message_at_ms: null,
      shapes: [],
      events: 0,
      rejects: 0,
    });
    expect(told.at(-1)).toMatchObject({ tier: 'combo', subscribed: null, subscribers: null, messages: 1 });
  });
});
