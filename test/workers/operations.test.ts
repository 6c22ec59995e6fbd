import { evictDurableObject, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { type HubOperations, type Operations, operationsSchema } from '../../shared/api/operations.ts';
import { BRIDGE_ALIVE_MS } from '../../shared/limits.ts';
import { TOPICS, type Topic } from '../../shared/topics.ts';
import { app } from '../../workers/app.ts';
import type { Env } from '../../workers/env.ts';
import { connect, TestClient, upgrade } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';
import { get } from './support/get.ts';

const daily = () => env.HUB.getByName('daily');

afterEach(reset);

async function operationsOf(topic: Topic): Promise<HubOperations & { bounds_ms: number[] }> {
  const { body } = await get<Operations>('/api/operations');
  const hub = operationsSchema.parse(body).hubs[topic];
  if ('error' in hub) throw new Error(hub.error);
  return { ...hub, bounds_ms: body.bounds_ms };
}

/** Of a histogram, how many durations fell into the bucket up to a bound. */
function countAt(hub: HubOperations & { bounds_ms: number[] }, name: keyof HubOperations['histograms'], bound: number) {
  const { cumulative } = hub.histograms[name];
  const bucket = hub.bounds_ms.indexOf(bound);
  return cumulative[bucket]! - (cumulative[bucket - 1] ?? 0);
}

describe('GET /api/operations', () => {
  it('tells of every hub, one without anything too, and invents nothing', async () => {
    const { body } = await get<Operations>('/api/operations');
    expect(Object.keys(operationsSchema.parse(body).hubs)).toEqual([...TOPICS]);
    expect(await operationsOf('combo')).toMatchObject({
      head: 0,
      last_event_at_ms: null,
      heartbeat_age_ms: null,
      bridges: [],
      tape: { rows: 0, max_rows: 500_000 },
      appended_by_channel: {},
      histograms: { hub_to_delivery_ms: { cumulative: new Array(body.bounds_ms.length + 1).fill(0), sum_ms: 0 } },
    });
  });

  it('counts what came by channel, what waits, and what went out to the byte', async () => {
    const socket = await upgrade('daily');
    let received = 0;
    socket.addEventListener('message', ({ data }) => {
      received += new TextEncoder().encode(data as string).length;
    });
    const client = new TestClient(socket);
    await client.next('hello');
    await client.subscribe({ id: 'ä', filter: { symbols: ['MSFT'] } });
    await daily().publish(
      batchOf([pattern({ symbol: 'MSFT', source: '漢字' }), pattern({ channel: 'my.own' }), pattern({ id: 'twice' })]),
    );
    await daily().publish(batchOf([pattern({ id: 'twice' })]));
    await client.next('events');
    const hub = await operationsOf('daily');
    expect(hub).toMatchObject({
      head: 3,
      sessions: { open: 1, live: 1, backfilling: 0 },
      subscriptions: 1,
      counts: { appended: 3, duplicates: 1, deliveries: 1, frames: 3 },
      appended_by_channel: { 'tickstock.events.patterns': 2, 'my.own': 1 },
      tape: { rows: 3 },
    });
    expect(hub.counts.sent_bytes).toBe(received);
    expect(hub.tape.storage_bytes).toBeGreaterThan(0);
  });

  it('tells past a hundred channels only of the others', async () => {
    const names = Array.from({ length: 102 }, (_, i) => `channel-${i}`);
    await daily().publish(batchOf(names.map(channel => pattern({ channel }))));
    const { appended_by_channel } = await operationsOf('daily');
    expect(Object.keys(appended_by_channel)).toHaveLength(101);
    expect(appended_by_channel).toMatchObject({ 'channel-99': 1, other: 2 });
  });

  it('counts each hop of what arrived, by the times that the producer and the parts gave', async () => {
    const bridgeAtMs = Date.now() - 400;
    const hops = { published_at_ms: bridgeAtMs - 30, bridge_at_ms: bridgeAtMs };
    const detected_at = new Date(bridgeAtMs - 4_000).toISOString();
    await daily().publish(
      batchOf(
        [pattern({ hops, detected_at }), pattern({ hops: { bridge_at_ms: bridgeAtMs }, time_origin: 'received' })],
        {
          edge_at_ms: bridgeAtMs + 4,
        },
      ),
    );
    const hub = await operationsOf('daily');
    expect(hub.histograms.published_to_bridge_ms).toMatchObject({ sum_ms: 30 });
    expect(countAt(hub, 'published_to_bridge_ms', 50)).toBe(1);
    expect(hub.histograms.detection_to_bridge_ms.sum_ms).toBe(4_000);
    expect(hub.histograms.bridge_to_edge_ms.sum_ms).toBe(8);
    expect(countAt(hub, 'bridge_to_edge_ms', 5)).toBe(2);
    expect(hub.histograms.edge_to_hub_ms.cumulative.at(-1)).toBe(2);
  });

  it('counts what two clocks make negative as no time', async () => {
    const bridge_at_ms = Date.now() + 60_000;
    await daily().publish(batchOf([pattern({ hops: { bridge_at_ms } })]));
    const hub = await operationsOf('daily');
    expect(countAt(hub, 'bridge_to_edge_ms', 0.01)).toBe(1);
    expect(hub.histograms.bridge_to_edge_ms.sum_ms).toBe(0);
  });

  it('counts a delivery once however many sessions got it, and none that nobody got', async () => {
    const clients = [await connect('daily'), await connect('daily')];
    for (const client of clients) await client.subscribe({ id: 's', filter: { symbols: ['MSFT'] } });
    const hops = { bridge_at_ms: Date.now() - 700 };
    await daily().publish(batchOf([pattern({ symbol: 'MSFT', hops }), pattern({ symbol: 'AAPL', hops })]));
    for (const client of clients) await client.next('events');
    const hub = await operationsOf('daily');
    expect(countAt(hub, 'bridge_to_delivery_ms', 1_000)).toBe(1);
    for (const name of ['hub_to_delivery_ms', 'bridge_to_delivery_ms', 'detection_to_delivery_ms'] as const) {
      expect(hub.histograms[name].cumulative.at(-1)).toBe(1);
    }
    expect(hub.counts.deliveries).toBe(2);
  });

  it('knows all of it again after the hub has slept, what was sent with the last batch too', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    await daily().publish(batchOf([pattern()]));
    await client.next('events');
    const { counts, histograms, appended_by_channel } = await operationsOf('daily');
    await evictDurableObject(daily());
    expect(await operationsOf('daily')).toMatchObject({ counts, histograms, appended_by_channel });
  });

  it('names the bridges that beat, with what they say of themselves', async () => {
    const heartbeat = {
      at_ms: Date.now(),
      redis_connected: true,
      redis_latency_ms: 1.5,
      channels_subscribed: 30,
      channels_wanted: 31,
      last_message_at_ms: null,
      reasons: ['Redis refuses channels: x'],
    };
    await daily().publish(batchOf([], { bridge_id: 'one', heartbeat }));
    const hub = await operationsOf('daily');
    expect(hub.bridges).toMatchObject([{ bridge_id: 'one', heartbeat }]);
    expect(hub.heartbeat_age_ms).toBeLessThan(BRIDGE_ALIVE_MS);
  });

  it('says which hub gives no answer, and tells of the others', async () => {
    const fails = { readOperations: () => Promise.reject(new Error('secret of the storage')) };
    const HUB = { getByName: (name: string) => (name === 'combo' ? fails : env.HUB.getByName(name)) };
    const response = await app.request('/api/operations', {}, { ...env, HUB } as unknown as Env);
    const { hubs } = operationsSchema.parse(await response.json());
    expect(hubs.combo).toEqual({ topic: 'combo', error: 'the hub gave no answer' });
    expect(hubs.daily).toMatchObject({ head: 0 });
  });
});
