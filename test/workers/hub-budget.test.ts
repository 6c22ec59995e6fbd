import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { connect } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';
import { connectUnread, readAll } from './support/unread.ts';

const daily = () => env.HUB.getByName('daily');
const critical = () => pattern({ confidence: 0.95, priority: 'critical' });

afterEach(reset);

describe('the budget of a session', () => {
  it('lets 100 of 150 events through, tells 50 as withheld, lowest priority first, and a second later 100 more', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    const events = Array.from({ length: 150 }, (_, i) => pattern(i < 60 ? { confidence: 0.5, priority: 'low' } : {}));
    await daily().publish(batchOf(events));
    await eventually(() => expect(client.liveSeqs.length).toBe(100));
    const [first] = client.liveFrames;
    expect(first!.withheld).toEqual({ from: 11, to: 60, rate_limited: 50, skipped: 0 });
    expect(client.liveSeqs.filter(seq => seq <= 60).length).toBe(10);
    expect(client.liveFrames.at(-1)!.head).toBe(150);

    await eventually(async () => {
      await daily().publish(batchOf([pattern()]));
      expect(client.liveSeqs.length).toBeGreaterThan(100);
    });
    await daily().publish(batchOf(Array.from({ length: 150 }, () => pattern())));
    await eventually(() => expect(client.liveSeqs.length).toBe(200));
  });

  it('does not hold back a CRITICAL event when it is spent', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    await daily().publish(batchOf(Array.from({ length: 120 }, () => pattern())));
    await daily().publish(batchOf([critical()]));
    await eventually(() => expect(client.liveSeqs).toContain(121));
    expect(await daily().readStats()).toMatchObject({ deliveries: 101, rate_limited: 20 });
  });
});

describe('a session that does not read', () => {
  /** Subscribes all sockets of the hub to everything, without a client's help. */
  const subscribeAll = () =>
    runInDurableObject(daily(), (hub, ctx) => {
      for (const socket of ctx.getWebSockets()) hub.webSocketMessage(socket, '{"type":"subscribe","id":"all"}');
    });
  /** Resumes all sockets of the hub from the beginning of the tape. */
  const resumeAll = () =>
    runInDurableObject(daily(), (hub, ctx) => {
      const { epoch } = ctx.storage.sql.exec<{ epoch: string }>('SELECT epoch FROM tape_state').one();
      const resume = JSON.stringify({ type: 'subscribe', id: 's', resume: { epoch, seq: 0 } });
      for (const socket of ctx.getWebSockets()) hub.webSocketMessage(socket, resume);
    });
  const large = (symbol: string) => pattern({ symbol, data: { bulk: 'x'.repeat(20_000) } });

  it('is thinned out to the newest of each thing and told, then closed with 4010, while others get everything', async () => {
    const good = await connect('daily');
    const unread = await connectUnread(daily());
    await subscribeAll();
    let most = 0;
    for (let i = 0; i < 60; i++) {
      await runInDurableObject(daily(), (hub, ctx) => {
        hub.publish(batchOf([large('AAPL'), large('AAPL')]));
        most = Math.max(most, ...ctx.getWebSockets().map(socket => socket.bufferedAmount));
      });
      await eventually(() => expect(good.liveFrames.at(-1)?.head).toBe(2 * (i + 1)));
    }
    expect(most).toBeGreaterThan(1024 * 1024);
    expect(most).toBeLessThan(1.2 * 1024 * 1024);
    const stats = await daily().readStats();
    expect(stats.closed[4010]).toBe(1);
    expect(stats.sessions).toBe(1);
    const { frames, code } = await readAll(unread);
    expect(code).toBe(4010);
    const events = frames.map(frame => JSON.parse(frame)).filter(frame => frame.type === 'events');
    const told = events.flatMap(frame => (frame.withheld ? [frame.withheld] : []));
    expect(told.length).toBeGreaterThan(10);
    expect(
      told.every(({ from, to, skipped, rate_limited }) => from === to && skipped === 1 && rate_limited === 0),
    ).toBe(true);
    const got = events.flatMap(frame => frame.events.map(({ seq }: { seq: number }) => seq));
    const seen = new Set([...got, ...told.map(({ from }) => from)]);
    expect(seen.size).toBe(events.at(-1).head);
  });

  it('makes the hub refuse further sockets once all together have 32 MB unread, and costs them a quarter of the patience', async () => {
    const sockets: WebSocket[] = [];
    for (let i = 0; i < 45; i++) sockets.push(await connectUnread(daily()));
    await subscribeAll();
    for (let i = 0; i < 40; i++) await daily().publish(batchOf([large(`S${i}`)]));
    await eventually(async () => expect((await daily().readStats()).queued_bytes).toBeGreaterThan(32 * 1024 * 1024));
    await expect(connect('daily')).rejects.toThrow('503');
    expect((await daily().readStats()).denied).toEqual({ hub_overfull: 1 });
    await daily().publish(batchOf([large('AAPL')]));
    await eventually(async () => expect((await daily().readStats()).closed[4010]).toBe(45));
  }, 20_000);

  it('waits for its backfill until it reads, and is closed with 4010 when it does not for 30 s', async () => {
    for (let i = 0; i < 30; i++) await daily().publish(batchOf([large('AAPL'), large('MSFT')]));
    const unread = await connectUnread(daily());
    await resumeAll();
    await eventually(async () => expect((await daily().readStats()).backfilled).toBe(13));
    expect(await daily().readStats()).toMatchObject({ backfilling_sessions: 1, live_sessions: 0 });
    vi.setSystemTime(Date.now() + 31_000);
    try {
      await eventually(async () => expect((await daily().readStats()).closed[4010]).toBe(1));
    } finally {
      vi.useRealTimers();
    }
    expect((await readAll(unread)).code).toBe(4010);
    expect(await daily().readStats()).toMatchObject({ backfilling_sessions: 0, sessions: 0 });
  });

  it('is closed when retention overtakes it, rather than given a part as if it were all', async () => {
    for (let i = 0; i < 3; i++) await daily().publish(batchOf(Array.from({ length: 500 }, () => pattern())));
    const unread = await connectUnread(daily());
    await resumeAll();
    await eventually(async () => expect((await daily().readStats()).backfilled).toBeGreaterThan(0));
    await runInDurableObject(daily(), (hub, { storage }) => {
      storage.sql.exec('UPDATE tape SET received_at_ms = 0 WHERE seq < 1400');
      hub.publish(batchOf([]));
    });
    expect((await readAll(unread)).code).toBe(4010);
  });

  it('is not live again before it has read its backfill, and is not thinned out for it', async () => {
    await daily().publish(batchOf(Array.from({ length: 400 }, () => pattern())));
    const unread = await connectUnread(daily());
    await resumeAll();
    await eventually(async () => expect((await daily().readStats()).backfilled).toBeGreaterThan(300));
    await daily().publish(batchOf([pattern(), pattern()]));
    expect(await daily().readStats()).toMatchObject({ live_sessions: 0, skipped: 0 });
    const reading = readAll(unread);
    await eventually(async () =>
      expect(await daily().readStats()).toMatchObject({ live_sessions: 1, backfilled: 400 }),
    );
    await daily().publish(batchOf([pattern()]));
    unread.close(1000);
    const { frames } = await reading;
    const live = frames.map(frame => JSON.parse(frame)).filter(({ type, replay }) => type === 'events' && !replay);
    expect(live.flatMap(({ events }) => events.map(({ seq }: { seq: number }) => seq))).toEqual([401, 402, 403]);
  });

  it('does not get the hub past its 32 MB, however many resume at once', async () => {
    for (let i = 0; i < 5; i++) await daily().publish(batchOf(Array.from({ length: 100 }, () => large('AAPL'))));
    const unread: WebSocket[] = [];
    for (let i = 0; i < 150; i++) unread.push(await connectUnread(daily()));
    await resumeAll();
    const queued = async () => (await daily().readStats()).queued_bytes;
    await eventually(async () => expect(await queued()).toBeGreaterThan(32 * 1024 * 1024));
    // All have had their turn by now, or wait for it.
    await eventually(async () => expect((await daily().readStats()).backfilling_sessions).toBe(150));
    expect(await queued()).toBeLessThan(33 * 1024 * 1024);
    // Held until here: a peer that is collected is a connection that is lost.
    expect(unread).toHaveLength(150);
  }, 20_000);
});
