import { abortAllDurableObjects, evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import type { TopicHub } from '../../workers/hub/topic-hub.ts';
import { eventually } from '../support/eventually.ts';
import { connect } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';

const daily = () => env.HUB.getByName('daily');

afterEach(reset);

describe('a hub that was evicted', () => {
  it('wakes with the subscriptions of its sockets and goes on delivering exactly', async () => {
    const client = await connect('daily');
    const other = await connect('daily');
    await client.subscribe({ id: 'a', filter: { symbols: ['AAPL'] } });
    await client.subscribe({ id: 'b', filter: { confidence_min: 0.9 } });
    await client.subscribe({ id: 'gone' });
    client.send({ type: 'unsubscribe', id: 'gone' });
    await client.next('unsubscribed');
    await other.subscribe({ id: 'a', filter: { symbols: ['MSFT'] } });
    await evictDurableObject(daily());
    await daily().publish(
      batchOf([
        pattern({ symbol: 'AAPL' }),
        pattern({ symbol: 'MSFT' }),
        pattern({ symbol: 'IBM', confidence: 0.95, priority: 'critical' }),
      ]),
    );
    await client.next('events');
    await other.next('events');
    expect(client.liveSeqs.toSorted()).toEqual([1, 3]);
    expect(other.liveSeqs).toEqual([2]);
    client.send({ type: 'unsubscribe', id: 'b' });
    await client.next('unsubscribed', 2);
  });

  it('goes on with the same tape: epoch, seq, duplicates and counters', async () => {
    const event = pattern();
    await daily().publish(batchOf([event], { batch_id: 1_000_000 }));
    const before = await (await connect('daily')).next('hello');
    await evictDurableObject(daily());
    const replayed = await daily().publish(batchOf([pattern()], { batch_id: 1_000_000 }));
    expect(replayed).toEqual({ accepted: 0, duplicates: 1, head: 1 });
    expect(await daily().publish(batchOf([event, pattern()], { batch_id: 1_000_001 }))).toMatchObject({
      accepted: 1,
      duplicates: 1,
      head: 2,
    });
    expect((await (await connect('daily')).next('hello')).epoch).toBe(before.epoch);
    expect(await daily().readStats()).toMatchObject({
      appended: 2,
      duplicates: 1,
      replayed_batches: 1,
      batches: 2,
    });
  });

  it('has no timer while nothing waits', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    await daily().publish(batchOf([pattern()]));
    await client.next('events');
    // Waits for pending timers: it would time out if one were left.
    await evictDurableObject(daily());
    // Awake again, or `reset` would leave it its tape.
    expect(await daily().readStats()).toMatchObject({ appended: 1 });
  });

  it('sends a session that was not live away, to resume, as where it stood is not kept', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    await runInDurableObject(daily(), (_, ctx) => {
      const [socket] = ctx.getWebSockets();
      const attachment = JSON.parse(new TextDecoder().decode(socket!.deserializeAttachment() as Uint8Array));
      socket!.serializeAttachment(new TextEncoder().encode(JSON.stringify({ ...attachment, behind: true })));
    });
    await evictDurableObject(daily());
    await daily().readStats();
    expect(await client.closing()).toMatchObject({ code: 4012 });
  });
});

describe('a flush that fails half-way', () => {
  it('sends its sessions away, to resume and have each event exactly once', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    const { epoch } = await client.next('hello');
    await runInDurableObject(daily(), (hub: TopicHub, ctx) => {
      const [socket] = ctx.getWebSockets();
      Object.defineProperty(socket, 'bufferedAmount', { get: () => expect.fail('broken') });
      hub.publish(batchOf([pattern()]));
    });
    expect(await client.closing()).toMatchObject({ code: 4012 });
    expect(client.liveSeqs).toEqual([]);
    const again = await connect('daily');
    await again.subscribe({ id: 's', resume: { epoch, seq: 0 } });
    await again.backfilled('s');
    expect(again.replaySeqs('s')).toEqual([1]);
    await daily().publish(batchOf([pattern()]));
    await eventually(() => expect(again.liveSeqs).toEqual([2]));
  });
});

describe('a hub aborted between append and flush', () => {
  it('has the events on its tape, and clients that resume get each exactly once', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    await daily().publish(batchOf([pattern()]));
    const position = { epoch: (await client.next('events')).epoch, seq: client.liveFrames.at(-1)!.head };
    // Two batches in one turn: the second waits for the window, as many sessions make it long.
    await Promise.all(Array.from({ length: 200 }, () => connect('daily')));
    await runInDurableObject(daily(), (hub: TopicHub) => {
      hub.publish(batchOf([pattern()]));
      hub.publish(batchOf([pattern(), pattern()]));
    }).catch(() => undefined);
    await abortAllDurableObjects();
    await client.closing();

    const again = await connect('daily');
    const seen = client.liveSeqs;
    await again.subscribe({ id: 's', resume: { ...position, seq: client.liveFrames.at(-1)!.head } });
    await again.backfilled('s');
    // On a slow machine the second batch may be flushed before the abort.
    expect([...seen, ...again.replaySeqs('s')]).toEqual([1, 2, 3, 4]);
    await daily().publish(batchOf([pattern()]));
    await eventually(() => expect(again.liveSeqs).toEqual([5]));
  });
});
