import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { connect } from './support/client.ts';
import { batchOf, pattern } from './support/events.ts';

const daily = () => env.HUB.getByName('daily');

afterEach(reset);

describe('a live session', () => {
  it('is greeted first, with where the tape stands and what it may do', async () => {
    await daily().publish(batchOf([pattern(), pattern()]));
    const client = await connect('daily');
    expect(client.frames[0]).toMatchObject({ type: 'hello', protocol: 1, topic: 'daily', head: 2, oldest: 1 });
    expect(client.of('hello')[0]).toMatchObject({ heartbeat_ms: 15_000, identity: { guest: true } });
    expect(client.of('hello')[0]!.limits.events_per_second).toBe(100);
  });

  it('runs on a workerd that tells how much a socket has queued', async () => {
    const { socket } = await connect('daily');
    expect(typeof socket.bufferedAmount).toBe('number');
  });

  it('gets exactly the events that its filter matches', async () => {
    const client = await connect('daily');
    const { filter, position, recovered } = await client.subscribe({
      id: 's',
      filter: { symbols: ['aapl'], confidence_min: 0.6 },
    });
    expect(filter).toEqual({ kinds: ['pattern'], symbols: ['AAPL'], confidence_min: 0.6 });
    expect(position.seq).toBe(0);
    expect(recovered).toBeNull();
    await daily().publish(
      batchOf([
        pattern({ symbol: 'AAPL', confidence: 0.6 }),
        pattern({ symbol: 'MSFT' }),
        pattern({ symbol: 'AAPL', confidence: 0.599 }),
        pattern({ symbol: 'AAPL', confidence: 0.85 }),
      ]),
    );
    await client.next('events');
    expect(client.liveSeqs).toEqual([1, 4]);
    expect(client.liveFrames.at(-1)!.head).toBe(4);
  });

  it('reaches exactly the four steps of a confidence ladder that an event of .75 passes', async () => {
    const client = await connect('daily');
    const steps = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    const clients = await Promise.all(
      steps.map(async confidence_min => {
        const each = await connect('daily');
        await each.subscribe({ id: 's', filter: { confidence_min } });
        return each;
      }),
    );
    await client.subscribe({ id: 'all' });
    await daily().publish(batchOf([pattern({ confidence: 0.75 })]));
    await daily().publish(batchOf([pattern({ confidence: 1, priority: 'critical' })]));
    await Promise.all(clients.map(each => eventually(() => expect(each.liveSeqs).toContain(2))));
    expect(clients.map(each => each.liveSeqs.includes(1))).toEqual([true, true, true, true, false, false]);
  });

  it('gets an event once however many of its subscriptions match, and does not mix two of them', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 'a', filter: { symbols: ['AAPL'], pattern_types: ['Doji'] } });
    await client.subscribe({ id: 'b', filter: { symbols: ['MSFT'], pattern_types: ['Hammer'] } });
    await client.subscribe({ id: 'c', filter: { symbols: ['MSFT'] } });
    await daily().publish(
      batchOf([
        pattern({ symbol: 'AAPL', pattern_type: 'Hammer' }),
        pattern({ symbol: 'AAPL', pattern_type: 'Doji' }),
        pattern({ symbol: 'MSFT', pattern_type: 'Hammer' }),
      ]),
    );
    await client.next('events');
    expect(client.liveSeqs).toEqual([2, 3]);
  });

  it('gets what a replaced subscription asks for, and nothing after it unsubscribed', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 'a', filter: { symbols: ['AAPL'] } });
    await client.subscribe({ id: 'a', filter: { symbols: ['MSFT'] } });
    await daily().publish(batchOf([pattern({ symbol: 'AAPL' }), pattern({ symbol: 'MSFT' })]));
    await client.next('events');
    client.send({ type: 'unsubscribe', id: 'a' });
    expect(await client.next('unsubscribed')).toMatchObject({ id: 'a' });
    await daily().publish(batchOf([pattern({ symbol: 'MSFT' })]));
    await client.subscribe({ id: 'marker' });
    await daily().publish(batchOf([pattern({ symbol: 'IBM' })]));
    await client.next('events', 2);
    expect(client.liveSeqs).toEqual([2, 4]);
  });

  it('is told of a heartbeat with the position it has been sent up to', async () => {
    const client = await connect('daily');
    await daily().publish(batchOf([pattern()], { heartbeat: heartbeat() }));
    expect(await client.next('heartbeat')).toMatchObject({ head: 1, bridges: 1, bridge_at_ms: 1_000 });
    expect((await client.next('heartbeat')).last_event_at).toMatch(/Z$/);
  });

  it('is told one heartbeat of several bridges, and when another comes', async () => {
    const client = await connect('daily');
    const beat = (bridge_id: string, batch_id: number) =>
      daily().publish(batchOf([], { bridge_id, batch_id, heartbeat: { ...heartbeat(), at_ms: batch_id } }));
    await beat('one', 1);
    await beat('one', 2);
    await beat('two', 3);
    await beat('one', 4);
    await beat('two', 5);
    await beat('three', 6);
    await client.next('heartbeat', 3);
    expect(client.of('heartbeat').map(({ bridges, bridge_at_ms }) => [bridges, bridge_at_ms])).toEqual([
      [1, 1],
      [2, 3],
      [3, 6],
    ]);
  });

  it('is told of one bridge where one was started again', async () => {
    const client = await connect('daily');
    for (const [batch_id, bridge_id] of ['main-abc124-0000000b', 'main-abc123-0000000a'].entries()) {
      await daily().publish(batchOf([], { bridge_id, batch_id, heartbeat: heartbeat() }));
    }
    const later = await connect('daily');
    expect([await client.next('heartbeat'), await later.next('heartbeat')]).toMatchObject([
      { bridges: 1 },
      { bridges: 1 },
    ]);
    await daily().publish(batchOf([], { bridge_id: 'other-abc125-0000000c', batch_id: 1, heartbeat: heartbeat() }));
    expect(await client.next('heartbeat', 2)).toMatchObject({ bridges: 2 });
  });

  it('is told the last heartbeat on arriving, while a bridge is alive', async () => {
    await daily().publish(batchOf([pattern()], { heartbeat: heartbeat() }));
    const client = await connect('daily');
    expect(await client.next('heartbeat')).toMatchObject({ head: 1, bridge_at_ms: 1_000, bridges: 1 });
  });

  it('is told nothing of a bridge that does not hear Redis: its data is not fresh', async () => {
    const client = await connect('daily');
    await daily().publish(batchOf([], { heartbeat: { ...heartbeat(), redis_connected: false } }));
    const later = await connect('daily');
    await daily().publish(batchOf([], { bridge_id: 'connected', heartbeat: heartbeat() }));
    expect(await client.next('heartbeat')).toMatchObject({ bridges: 1 });
    await later.next('heartbeat');
    expect([client.of('heartbeat').length, later.of('heartbeat').length]).toEqual([1, 1]);
  });

  it('gets large flushes in frames of at most 50 events, each head safe to resume from', async () => {
    const client = await connect('daily');
    await client.subscribe({ id: 's' });
    const events = Array.from({ length: 100 }, () => pattern());
    events[70] = pattern({ confidence: 0.95, priority: 'critical' });
    await daily().publish(batchOf(events));
    await eventually(() => expect(client.liveSeqs.length).toBe(100));
    expect(client.liveFrames.map(frame => frame.events.length)).toEqual([50, 50]);
    expect(client.liveSeqs[0]).toBe(71);
    expect(client.liveFrames.map(frame => frame.head)).toEqual([49, 100]);
  });

  it('is answered a ping by the runtime', async () => {
    const client = await connect('daily');
    client.send('ping');
    await eventually(() => expect(client.texts).toEqual(['pong']));
  });
});

function heartbeat() {
  return {
    at_ms: 1_000,
    redis_connected: true,
    redis_latency_ms: 1,
    channels_subscribed: 2,
    channels_wanted: 2,
    last_message_at_ms: null,
    reasons: [],
  };
}
