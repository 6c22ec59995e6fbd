import { evictDurableObject, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect, it, vi } from 'vitest';
import { type Channels, channelsSchema } from '../../shared/api/channels.ts';
import { tiersHealthSchema } from '../../shared/api/tiers-health.ts';
import { bridgeIdOf, type HeardChannel } from '../../shared/ingest-protocol.ts';
import { pattern } from './support/events.ts';
import { get } from './support/get.ts';
import { heartbeat, ingestBatch, post } from './support/ingest.ts';

afterEach(async () => {
  vi.useRealTimers();
  await reset();
});

const DAILY = 'tickstock.events.patterns.daily';

function heard(overrides: Partial<HeardChannel> = {}): HeardChannel {
  return {
    channel: DAILY,
    kind: 'pattern',
    tier: 'daily',
    subscribed: true,
    subscribers: 2,
    messages: 7,
    last_message_at_ms: 1_795_205_000_000,
    shapes: ['flat'],
    events: 6,
    rejects: 1,
    ...overrides,
  };
}

async function beat(name: string, start: number, channels: HeardChannel[]): Promise<void> {
  const batch = { bridge_id: bridgeIdOf(name, start, '0badcafe'), heartbeat: heartbeat({ channels }) };
  expect((await post(ingestBatch(batch))).status).toBe(200);
}

async function readChannels(): Promise<Channels> {
  const { status, body } = await get('/api/channels');
  expect(status).toBe(200);
  return channelsSchema.parse(body);
}

const channelOf = ({ channels }: Channels, name: string) => channels.find(({ channel }) => channel === name);

it('says of each channel which bridge hears what there, in which shapes, and what could not be read', async () => {
  await beat('a', 1, [heard(), heard({ channel: 'silent', tier: null, messages: 0, last_message_at_ms: null })]);
  await beat('b', 1, [heard({ shapes: ['flat', 'batch'], subscribers: null, last_message_at_ms: 1_795_205_001_000 })]);
  const reject = { channel: DAILY, reason: 'missing_pattern', sample: '{}', at: 'now' } as const;
  const counts = { rejected: [{ ...count(DAILY), reason: 'missing_pattern' as const }], not_routed: [], probes: 0 };
  await post(ingestBatch({ topic: 'system', rejects: [reject], counts }));
  await post(
    ingestBatch({
      topic: 'system',
      counts: { rejected: [], not_routed: [{ ...count('prices'), kind: 'market_price' }], probes: 0 },
    }),
  );
  const answer = await readChannels();
  expect(answer.bridges).toMatchObject([
    { name: 'b', alive: true },
    { name: 'a', alive: true },
  ]);
  expect(channelOf(answer, DAILY)).toMatchObject({
    kind: 'pattern',
    tier: 'daily',
    last_message_at: '2026-11-20T20:03:21.000Z',
    shapes: ['flat', 'batch'],
    bridges: [{ subscribers: null }, { subscribers: 2, messages: 7, last_message_at: '2026-11-20T20:03:20.000Z' }],
    rejects: [{ reason: 'missing_pattern', count: 4 }],
  });
  expect(channelOf(answer, 'silent')).toMatchObject({ last_message_at: null, bridges: [{ messages: 0 }] });
  expect(channelOf(answer, 'prices')).toMatchObject({ kind: null, not_routed: [{ kind: 'market_price', count: 3 }] });
});

it('tells of the newest start of a bridge alone, and still knows when an earlier one heard a channel', async () => {
  await beat('a', 1, [heard()]);
  await beat('a', 2, [heard({ messages: 0, last_message_at_ms: null, shapes: [] })]);
  const answer = await readChannels();
  expect(answer.bridges).toMatchObject([{ bridge_id: bridgeIdOf('a', 2, '0badcafe') }]);
  expect(channelOf(answer, DAILY)).toMatchObject({
    last_message_at: '2026-11-20T20:03:20.000Z',
    bridges: [{ messages: 0, last_message_at: null }],
  });
});

it('is what the tiers’ health rests on: who listens, and where rejects rise, also after the hub has slept', async () => {
  // In the middle of a minute: rates are of the last one.
  vi.setSystemTime(Math.floor(Date.now() / 60_000) * 60_000 + 30_000);
  const other = { channel: 'other', subscribed: false };
  await beat('a', 1, [heard(), heard(other), heard({ channel: 'third', tier: 'combo', subscribers: 0 })]);
  const counts = { rejected: [{ ...count(DAILY, 40), reason: 'missing_pattern' as const }], not_routed: [], probes: 0 };
  await post(ingestBatch({ topic: 'system', counts }));
  await evictDurableObject(env.HUB.getByName('system'));
  const { tiers } = tiersHealthSchema.parse((await get('/api/patterns/tiers/health')).body);
  expect(tiers.daily).toMatchObject({ status: 'degraded', rejects: 40 });
  expect(tiers.daily!.reasons).toEqual([
    'nobody is subscribed on other',
    `40 rejects/min on ${DAILY} (missing_pattern)`,
  ]);
  expect(tiers.combo!.reasons).toEqual(['nobody is subscribed on third']);
  await beat('b', 1, [heard(other), heard({ ...other, subscribed: true })]);
  const after = tiersHealthSchema.parse((await get('/api/patterns/tiers/health')).body);
  expect(after.tiers.daily!.reasons).not.toContain('nobody is subscribed on other');
});

it('tells nothing before a bridge has, and takes no parameter', async () => {
  await post(ingestBatch({ events: [pattern()] }));
  expect(await readChannels()).toMatchObject({ bridges: [], channels: [] });
  expect(await get('/api/channels?channel=x')).toMatchObject({ status: 400, body: { field: 'channel' } });
});

function count(channel: string, count = 3) {
  return { channel, count };
}
