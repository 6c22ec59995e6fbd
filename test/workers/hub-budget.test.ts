import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';

const daily = () => env.HUB.getByName('daily');
const critical = () => pattern({ confidence: 0.95, priority: 'critical' });

afterEach(reset);

describe('the budget of a session', () => {
  it('lets 100 of 150 events through, tells 50 as withheld, lowest priority first, and a second later 100 more', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    const events = Array.from({ length: 150 }, (_, i) => pattern(i < 60 ? { confidence: 0.5, priority: 'low' } : {}));
    await daily().publish(batchOf(events));
    await vi.waitFor(() => expect(client.liveSeqs.length).toBe(100));
    const [first] = client.liveFrames;
    expect(first!.withheld).toEqual({ from: 11, to: 60, rate_limited: 50, skipped: 0 });
    expect(client.liveSeqs.filter(seq => seq <= 60).length).toBe(10);
    expect(client.liveFrames.at(-1)!.head).toBe(150);

    await vi.waitFor(
      async () => {
        await daily().publish(batchOf([pattern()]));
        expect(client.liveSeqs.length).toBeGreaterThan(100);
      },
      { timeout: 4_000, interval: 50 },
    );
    await daily().publish(batchOf(Array.from({ length: 150 }, () => pattern())));
    await vi.waitFor(() => expect(client.liveSeqs.length).toBe(200));
  });

  it('does not hold back a CRITICAL event when it is spent', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    await daily().publish(batchOf(Array.from({ length: 120 }, () => pattern())));
    await daily().publish(batchOf([critical()]));
    await vi.waitFor(() => expect(client.liveSeqs).toContain(121));
    expect(await daily().readStats()).toMatchObject({ deliveries: 101, rate_limited: 20 });
  });
});

describe('a session that does not read', () => {
  /** Two sessions, one of whose peers is never accepted: what is sent to it stays queued in its socket. */
  async function withSlowReader() {
    const good = await connect('daily');
    await good.subscribe({ id: 's' });
    const headers = {
      upgrade: 'websocket',
      'x-tickstock-upgrade': JSON.stringify({ identity: { user_id: 'u', guest: true }, subprotocol: null }),
    };
    const { webSocket } = await daily().fetch('http://edge.test/ws/daily', { headers });
    return { good, unread: webSocket! };
  }

  it('is thinned out to the newest of each thing and told, then closed with 4010, and memory stays bounded', async () => {
    const { good, unread } = await withSlowReader();
    await runInDurableObject(daily(), async (hub, ctx) => {
      const slow = ctx
        .getWebSockets()
        .find(socket => socket.bufferedAmount > 0 || socket.readyState === WebSocket.OPEN)!;
      const sockets = ctx.getWebSockets();
      const peerless = sockets.find(socket => socket !== slow) ?? slow;
      for (const socket of sockets) hub.webSocketMessage(socket, JSON.stringify({ type: 'subscribe', id: 'all' }));
      const bulk = 'x'.repeat(20_000);
      let most = 0;
      for (let i = 0; i < 120; i++) {
        hub.publish(batchOf([pattern({ data: { bulk } }), pattern({ data: { bulk } })]));
        await scheduler.wait(2);
        most = Math.max(most, ...ctx.getWebSockets().map(socket => socket.bufferedAmount));
      }
      expect(most).toBeGreaterThan(256 * 1024);
      expect(most).toBeLessThan(2 * 1024 * 1024);
      expect(peerless).toBeDefined();
      const stats = hub.readStats();
      expect(stats.skipped).toBeGreaterThan(0);
      expect(stats.closed[4010]).toBe(1);
      expect(stats.sessions).toBe(1);
    });
    unread.accept();
    const frames: string[] = [];
    const closed = new Promise<number>(resolve => {
      unread.addEventListener('message', ({ data }) => frames.push(data as string));
      unread.addEventListener('close', ({ code }) => resolve(code));
    });
    expect(await closed).toBe(4010);
    expect(frames.some(frame => frame.includes('"withheld":{"from"'))).toBe(true);
    expect(good.closed).toBeNull();
  });
});
