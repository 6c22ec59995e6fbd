import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { connect } from './support/client.ts';

const MINUTE_MS = 60_000;
const daily = () => env.HUB.getByName('daily');

afterEach(async () => {
  vi.useRealTimers();
  await reset();
});

const alarmAtMs = () => runInDurableObject(daily(), (_, { storage }) => storage.getAlarm());

/** Makes it seem that all sockets were heard last so long ago, as their hub will believe when it wakes. */
async function sleepFor(ms: number): Promise<void> {
  await runInDurableObject(daily(), (_, ctx) => {
    for (const socket of ctx.getWebSockets()) {
      const attachment = JSON.parse(new TextDecoder().decode(socket.deserializeAttachment() as Uint8Array));
      attachment.heardAtMs -= ms;
      socket.serializeAttachment(new TextEncoder().encode(JSON.stringify(attachment)));
    }
  });
  await evictDurableObject(daily());
}

describe('a session that gives no sign of life for ten minutes', () => {
  it('is closed with 4013, and its place is free; one that has sent something stays', async () => {
    const startMs = Date.now();
    const silent = await connect('daily');
    const talking = await connect('daily');
    await silent.subscribe({ id: 's', filter: { symbols: ['AAPL'] } });
    vi.setSystemTime(startMs + 6 * MINUTE_MS);
    await talking.subscribe({ id: 't', filter: { symbols: ['MSFT'] } });
    vi.setSystemTime(startMs + 10 * MINUTE_MS + 5_000);
    expect(await runDurableObjectAlarm(daily())).toBe(true);
    expect(await silent.closing()).toEqual({ code: 4013, reason: 'no sign of life for 10 minutes' });
    expect(await daily().readStats()).toMatchObject({ sessions: 1, subscriptions: 1, closed: { 4013: 1 } });
    expect(talking.closed).toBeNull();
    const nextMs = (await alarmAtMs())!;
    expect(nextMs).toBeGreaterThanOrEqual(startMs + 16 * MINUTE_MS);
    expect(nextMs).toBeLessThan(startMs + 17 * MINUTE_MS);
  });

  it('is closed when it has never subscribed, too', async () => {
    const client = await connect('daily');
    vi.setSystemTime(Date.now() + 10 * MINUTE_MS + 5_000);
    await runDurableObjectAlarm(daily());
    expect(await client.closing()).toMatchObject({ code: 4013 });
  });

  it('is found when its hub has slept; one that pings meanwhile, which wakes nobody, stays', async () => {
    const silent = await connect('daily');
    const pinging = await connect('daily');
    await sleepFor(11 * MINUTE_MS);
    pinging.send('ping');
    await eventually(() => expect(pinging.texts).toEqual(['pong']));
    expect(await runDurableObjectAlarm(daily())).toBe(true);
    expect(await silent.closing()).toMatchObject({ code: 4013 });
    await evictDurableObject(daily());
    pinging.send('ping');
    await eventually(() => expect(pinging.texts).toEqual(['pong', 'pong']));
    expect(pinging.closed).toBeNull();
    expect(await daily().readStats()).toMatchObject({ sessions: 1 });
  });

  it('is one whose messages stopped then: a message of any kind is kept through a sleep', async () => {
    const startMs = Date.now();
    const client = await connect('daily');
    vi.setSystemTime(startMs + 6 * MINUTE_MS);
    client.send('not JSON');
    await client.next('error');
    await evictDurableObject(daily());
    vi.setSystemTime(startMs + 11 * MINUTE_MS);
    await runDurableObjectAlarm(daily());
    expect(await daily().readStats()).toMatchObject({ sessions: 1 });
    vi.setSystemTime(startMs + 16 * MINUTE_MS + 5_000);
    await runDurableObjectAlarm(daily());
    expect(await client.closing()).toMatchObject({ code: 4013 });
  });
});

describe('the alarm', () => {
  it('is set with the first socket, moved by no other, and not set again when all have gone', async () => {
    expect(await alarmAtMs()).toBeNull();
    const first = await connect('daily');
    const setFor = await alarmAtMs();
    expect(setFor! - Date.now()).toBeGreaterThan(9 * MINUTE_MS);
    const second = await connect('daily');
    expect(await alarmAtMs()).toBe(setFor);
    for (const client of [first, second]) client.socket.close(1000);
    await eventually(async () => expect(await daily().readStats()).toMatchObject({ sessions: 0 }));
    expect(await runDurableObjectAlarm(daily())).toBe(true);
    expect(await alarmAtMs()).toBeNull();
    await connect('daily');
    expect(await alarmAtMs()).not.toBeNull();
  });
});
