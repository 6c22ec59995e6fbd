import { describe, expect, it } from 'vitest';
import { TickstockClient } from '../../../web/client/client.ts';
import { FakeRuntime } from './fake-runtime.ts';
import { events, heartbeat, hello, subscribed } from './frames.ts';
import { TopicHarness } from './topic-harness.ts';

const PING_EVERY_MS = 25_000;
const ANSWER_MS = 10_000;
const CHECK_MS = 3_000;

describe('the client', () => {
  it.each([
    ['ws://host', 'ws://host/ws/daily'],
    ['wss://host/', 'wss://host/ws/daily'],
    ['https://host/base//', 'wss://host/base/ws/daily'],
    ['http://host:8787', 'ws://host:8787/ws/daily'],
  ])('connects to its topics below %s', (url, expected) => {
    const runtime = new FakeRuntime();
    new TickstockClient({ url, runtime }).topic('daily');
    expect(runtime.socket.url).toBe(expected);
    expect(runtime.socket.protocols).toEqual(['tickstock.v1']);
  });

  it('keeps one connection per topic, and makes a new one only after that was closed', () => {
    const runtime = new FakeRuntime();
    const client = new TickstockClient({ url: 'ws://test', runtime });
    const daily = client.topic('daily');
    expect(client.topic('daily')).toBe(daily);
    expect(client.topic('combo')).not.toBe(daily);
    expect(runtime.sockets.length).toBe(2);
    daily.close();
    expect(client.topic('daily')).not.toBe(daily);
  });

  it('retries and closes all topics at once, and leaves no timer behind', () => {
    const runtime = new FakeRuntime();
    const client = new TickstockClient({ url: 'ws://test', runtime });
    const topics = (['daily', 'combo'] as const).map(topic => client.topic(topic));
    for (const socket of [...runtime.sockets]) socket.drop();
    client.retryNow();
    expect(runtime.sockets.length).toBe(4);
    runtime.socket.deliver(hello());
    client.close();
    expect(topics.map(topic => topic.state.name)).toEqual(['closed', 'closed']);
    expect(runtime.timerCount).toBe(0);
  });

  it('uses the WebSocket of the platform unless it is given another', () => {
    const client = new TickstockClient({ url: 'ws://127.0.0.1:1' });
    const topic = client.topic('daily');
    expect(topic.state).toEqual({ name: 'connecting', attempt: 0 });
    client.close();
    expect(topic.state.name).toBe('closed');
  });
});

describe('a connection', () => {
  it('is open when the server has greeted', () => {
    const h = new TopicHarness();
    expect(h.topic.state).toEqual({ name: 'connecting', attempt: 0 });
    expect(h.topic.hello).toBeNull();
    h.greet();
    expect(h.topic.state).toEqual({ name: 'open' });
    expect(h.topic.hello).toMatchObject({ epoch: 'e1', heartbeat_ms: 15_000 });
  });

  it('comes back by itself after a loss, and says when', () => {
    const h = new TopicHarness();
    h.greet();
    h.socket.drop(1006);
    expect(h.topic.state).toEqual({
      name: 'reconnecting',
      attempt: 1,
      retryAtMs: h.runtime.nowMs + 250,
      reason: 'connection lost',
    });
    h.runtime.advance(249);
    expect(h.runtime.sockets.length).toBe(1);
    h.runtime.advance(1);
    expect(h.runtime.sockets.length).toBe(2);
    expect(h.topic.state).toEqual({ name: 'connecting', attempt: 1 });
    h.greet();
    expect(h.stateNames).toEqual(['open', 'reconnecting', 'connecting', 'open']);
  });

  it('never gives up, and waits longer each time up to 15 s', () => {
    const h = new TopicHarness();
    h.runtime.nextRandom = 1 - Number.EPSILON;
    const waits: number[] = [];
    for (let i = 0; i < 40; i++) {
      h.socket.drop();
      const { state } = h.topic;
      if (state.name !== 'reconnecting') throw new Error(state.name);
      waits.push(state.retryAtMs - h.runtime.nowMs);
      h.runtime.advance(waits.at(-1)!);
    }
    expect(waits.slice(0, 6)).toEqual([499, 999, 1_999, 3_999, 7_999, 14_999]);
    expect(waits.at(-1)).toBe(14_999);
    expect(h.runtime.sockets.length).toBe(41);
  });

  it('counts failures on while connections end at once, though greeted', () => {
    const h = new TopicHarness();
    for (let i = 1; i <= 3; i++) {
      h.greet();
      h.runtime.advance(4_999);
      h.socket.drop();
      expect(h.topic.state).toMatchObject({ name: 'reconnecting', attempt: i });
      h.topic.retryNow();
    }
  });

  it.each([
    ['has stood for 5 s', (h: TopicHarness) => h.runtime.advance(5_000)],
    ['has brought a heartbeat', (h: TopicHarness) => h.deliver(heartbeat(1))],
  ])('starts counting failures again when it %s', (_, prove) => {
    const h = new TopicHarness();
    for (let i = 0; i < 4; i++) {
      h.socket.drop();
      h.topic.retryNow();
    }
    h.greet();
    prove(h);
    h.socket.drop();
    expect(h.topic.state).toMatchObject({ name: 'reconnecting', attempt: 1 });
  });

  it.each([
    [4001, 'ticket expired, used or invalid'],
    [4003, 'origin or topic not allowed'],
    [4009, 'message too large, or not JSON twice in a row'],
    [4015, 'protocol version not spoken'],
  ])('stays away after %i, unless it is told to retry', (code, reason) => {
    const h = new TopicHarness();
    h.socket.drop(code);
    expect(h.topic.state).toEqual({ name: 'closed', code, reason });
    expect(h.runtime.timerCount).toBe(0);
    h.topic.retryNow();
    expect(h.runtime.sockets.length).toBe(2);
    h.greet();
    expect(h.topic.state.name).toBe('open');
  });

  it('waits as long as a draining server asks for, once', () => {
    const h = new TopicHarness();
    h.greet();
    h.deliver({ type: 'draining', retry_after_ms: 60_000 });
    h.socket.drop(4012);
    expect(h.topic.state).toMatchObject({ retryAtMs: h.runtime.nowMs + 60_250, reason: 'draining' });
    h.runtime.advance(60_250);
    h.socket.drop();
    expect(h.topic.state).toMatchObject({ retryAtMs: h.runtime.nowMs + 500 });
  });

  it('says that the server drains however the connection ends then, and is not sent away for longer than five minutes', () => {
    const h = new TopicHarness();
    h.greet();
    h.deliver({ type: 'draining', retry_after_ms: 1e12 });
    h.socket.drop(1006);
    expect(h.topic.state).toMatchObject({ retryAtMs: h.runtime.nowMs + 300_250, reason: 'draining' });
    h.runtime.advance(300_250);
    h.socket.drop(1006);
    expect(h.topic.state).toMatchObject({ retryAtMs: h.runtime.nowMs + 500, reason: 'connection lost' });
  });

  it('waits at random for longer each time when a draining server has not said how long', () => {
    const h = new TopicHarness();
    h.runtime.nextRandom = 0.9;
    for (const waitMs of [450, 900, 1_800]) {
      h.socket.drop(4012);
      expect(h.topic.state).toMatchObject({ retryAtMs: h.runtime.nowMs + waitMs });
      h.runtime.advance(waitMs);
    }
  });

  it('waits ten seconds when it was too fast', () => {
    const h = new TopicHarness();
    h.socket.drop(4008);
    expect(h.topic.state).toMatchObject({ retryAtMs: h.runtime.nowMs + 10_250 });
  });

  it('retries now when asked, and not while it is connected or connecting', () => {
    const h = new TopicHarness();
    h.topic.retryNow();
    expect(h.runtime.sockets.length).toBe(1);
    h.greet();
    h.topic.retryNow();
    expect(h.runtime.sockets.length).toBe(1);
    h.socket.drop();
    h.topic.retryNow();
    expect(h.runtime.sockets.length).toBe(2);
    h.greet();
    h.runtime.advance(15_000);
    expect(h.runtime.sockets.length).toBe(2);
  });

  it('takes a socket that cannot be made for a failed attempt', () => {
    const h = new TopicHarness();
    h.runtime.refusal = new Error('blocked by policy');
    h.socket.drop();
    h.runtime.advance(500);
    expect(h.topic.state).toMatchObject({ name: 'reconnecting', attempt: 2, reason: 'blocked by policy' });
    h.runtime.refusal = 'a bare text';
    h.runtime.advance(1_000);
    expect(h.topic.state).toMatchObject({ name: 'reconnecting', attempt: 3, reason: 'a bare text' });
  });

  it('stops when the server speaks another version', () => {
    const h = new TopicHarness();
    h.deliver(hello({ protocol: 2 }));
    expect(h.topic.state).toEqual({
      name: 'closed',
      code: null,
      reason: 'the server speaks version 2 of the protocol, not 1',
    });
    expect(h.socket.closedWith).toBe(1000);
    expect(h.runtime.timerCount).toBe(0);
  });

  it('asks nothing twice when the server greets twice', () => {
    const h = new TopicHarness();
    h.greet();
    h.deliver(hello());
    expect(h.socket.pings).toBe(1);
  });

  it('sleeps until it is woken: no socket, no timer, and goes on from where it stood', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's' });
    h.greet();
    h.deliver(subscribed('s'), events(101, [101]));
    h.client.sleep();
    expect(h.topic.state).toEqual({ name: 'asleep' });
    expect(h.socket.closedWith).toBe(1000);
    expect(h.runtime.timerCount).toBe(0);
    h.runtime.advance(3_600_000);
    expect(h.runtime.sockets.length).toBe(1);
    h.client.retryNow();
    expect(h.topic.state).toEqual({ name: 'connecting', attempt: 0 });
    h.greet();
    expect(h.socket.messages).toEqual([{ type: 'subscribe', id: 's', resume: { epoch: 'e1', seq: 101 } }]);
  });

  it('sleeps while it waits for its next attempt, too', () => {
    const h = new TopicHarness();
    h.deliver({ type: 'draining', retry_after_ms: 60_000 });
    h.socket.drop(4012);
    h.client.sleep();
    h.runtime.advance(3_600_000);
    expect(h.runtime.sockets.length).toBe(1);
    expect(h.runtime.timerCount).toBe(0);
  });

  it('that a close code has ended does not sleep: why it ended is still to be seen', () => {
    const h = new TopicHarness();
    h.socket.drop(4003, 'forbidden');
    const closed = h.topic.state;
    h.client.sleep();
    expect(h.topic.state).toBe(closed);
  });

  it('ends when it is closed: no timer, no listener, no way back', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's' });
    h.greet();
    h.topic.close();
    h.topic.close();
    expect(h.topic.state).toEqual({ name: 'closed', code: null, reason: 'closed here' });
    expect(h.stateNames.at(-1)).toBe('closed');
    expect(h.runtime.timerCount).toBe(0);
    expect(h.socket.closedWith).toBe(1000);
    h.topic.retryNow();
    h.topic.subscribe({ id: 't' });
    h.deliver(heartbeat(1));
    expect(h.runtime.sockets.length).toBe(1);
    expect(h.socket.messages.map(message => message.id)).toEqual(['s']);
    expect(h.told.heartbeat).toEqual([]);
  });

  it.each(['connecting', 'backfilling', 'reconnecting'] as const)('can be closed by a listener when it is %s', name => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's' });
    h.topic.on('state', state => {
      if (state.name === name) h.topic.close();
    });
    h.greet();
    h.socket.drop();
    h.topic.retryNow();
    expect(h.topic.state.name).toBe('closed');
    expect(h.runtime.timerCount).toBe(0);
    expect(h.runtime.sockets.length).toBe(1);
  });
});

describe('a dead connection', () => {
  it('is one that does not greet within ten seconds', () => {
    const h = new TopicHarness();
    h.runtime.advance(ANSWER_MS);
    expect(h.topic.state).toMatchObject({ name: 'reconnecting', reason: 'no answer' });
    expect(h.runtime.sockets[0]!.closedWith).toBe(1000);
  });

  it('is one that does not answer a ping within ten seconds', () => {
    const h = new TopicHarness();
    h.greet();
    h.runtime.advance(PING_EVERY_MS);
    expect(h.socket.pings).toBe(2);
    h.runtime.advance(ANSWER_MS - 1);
    expect(h.topic.state.name).toBe('open');
    h.runtime.advance(1);
    expect(h.topic.state).toMatchObject({ name: 'reconnecting', attempt: 1, reason: 'no answer' });
    expect(h.socket.closedWith).toBe(1000);
  });

  it('is not one whose answer stands behind other frames', () => {
    const h = new TopicHarness();
    h.greet();
    h.runtime.advance(PING_EVERY_MS + 6_000);
    h.deliver(heartbeat(1));
    h.runtime.advance(ANSWER_MS - 1);
    expect(h.topic.state.name).toBe('open');
    h.deliver('pong');
    h.runtime.advance(PING_EVERY_MS);
    expect(h.socket.pings).toBe(3);
    h.runtime.advance(ANSWER_MS);
    expect(h.topic.state.name).toBe('reconnecting');
  });

  it('is not one that answers each ping, whatever else it keeps to itself', () => {
    const h = new TopicHarness();
    h.greet();
    for (let i = 0; i < 100; i++) {
      h.runtime.advance(PING_EVERY_MS);
      h.deliver('pong');
    }
    expect(h.topic.state.name).toBe('open');
    expect(h.socket.pings).toBe(101);
  });

  it('is let go at once: what it says later is not heard', () => {
    const h = new TopicHarness();
    h.greet();
    const { socket } = h;
    const { onclose, onmessage } = socket;
    h.runtime.advance(PING_EVERY_MS + ANSWER_MS);
    expect([socket.onclose, socket.onmessage]).toEqual([null, null]);
    expect([onclose, onmessage]).not.toContain(null);
  });

  it('is not made good by an answer to a question that was not asked', () => {
    const h = new TopicHarness();
    h.deliver('pong');
    h.runtime.advance(ANSWER_MS);
    expect(h.topic.state.name).toBe('reconnecting');
  });
});

describe('a client that is woken', () => {
  it('asks a connection for a sign of life, once, and stays open when it comes', () => {
    const h = new TopicHarness();
    h.greet();
    h.client.wake();
    h.client.wake();
    expect(h.socket.pings).toBe(2);
    h.runtime.advance(CHECK_MS - 1);
    h.deliver('pong');
    h.runtime.advance(20_000);
    expect(h.stateNames).toEqual(['open']);
    h.client.wake();
    expect(h.socket.pings).toBe(3);
  });

  it('replaces a connection that does not answer within three seconds at once, and resumes', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's' });
    h.greet();
    h.deliver(subscribed('s'), events(101, [101]));
    h.client.wake();
    h.runtime.advance(CHECK_MS);
    expect(h.runtime.sockets.length).toBe(2);
    expect(h.runtime.sockets[0]!.closedWith).toBe(1000);
    expect(h.topic.state).toEqual({ name: 'connecting', attempt: 1 });
    h.greet();
    expect(h.socket.messages).toEqual([{ type: 'subscribe', id: 's', resume: { epoch: 'e1', seq: 101 } }]);
    expect(h.stateNames).not.toContain('reconnecting');
  });

  it('keeps a connection on which other frames come in, its answer among them later', () => {
    const h = new TopicHarness();
    h.greet();
    h.client.wake();
    h.runtime.advance(CHECK_MS - 1);
    h.deliver(heartbeat(1));
    h.runtime.advance(CHECK_MS - 1);
    h.deliver('pong');
    h.runtime.advance(CHECK_MS);
    expect(h.stateNames).toEqual(['open']);
  });

  it('does not take the answer to an earlier ping for one that came in no time', () => {
    const h = new TopicHarness();
    h.greet();
    h.deliver(heartbeat(1, { server_at_ms: h.runtime.nowMs }));
    h.runtime.advance(PING_EVERY_MS + 1_000);
    h.client.wake();
    h.deliver('pong');
    h.runtime.advance(40);
    h.deliver('pong');
    expect(h.topic.clockOffset).toMatchObject({ roundTripMs: 0 });
    for (let i = 0; i < 8; i++) {
      h.client.wake();
      h.runtime.advance(40);
      h.deliver('pong');
    }
    expect(h.topic.clockOffset).toMatchObject({ roundTripMs: 40 });
  });

  it('dials at once when it waits for its next attempt, and is not disturbed while it dials', () => {
    const h = new TopicHarness();
    h.socket.drop();
    h.client.wake();
    h.client.wake();
    expect(h.runtime.sockets.length).toBe(2);
    expect(h.topic.state).toEqual({ name: 'connecting', attempt: 1 });
  });

  it('does not come sooner to a server that drains, unless somebody asks for it', () => {
    const h = new TopicHarness();
    h.greet();
    h.deliver({ type: 'draining', retry_after_ms: 60_000 });
    h.socket.drop(4012);
    h.runtime.advance(10_000);
    h.client.wake();
    expect(h.topic.state).toMatchObject({ name: 'reconnecting', retryAtMs: h.runtime.nowMs + 50_250 });
    h.client.sleep();
    h.runtime.advance(20_000);
    h.client.wake();
    expect(h.topic.state).toMatchObject({ retryAtMs: h.runtime.nowMs + 30_250, reason: 'draining' });
    expect(h.runtime.sockets.length).toBe(1);
    h.client.retryNow();
    expect(h.runtime.sockets.length).toBe(2);
  });

  it('comes to a server that has drained when the time is over', () => {
    const h = new TopicHarness();
    h.deliver({ type: 'draining', retry_after_ms: 60_000 });
    h.socket.drop(4012);
    h.client.sleep();
    h.runtime.advance(60_000);
    h.client.wake();
    expect(h.runtime.sockets.length).toBe(2);
  });

  it('stays closed when it was closed here', () => {
    const h = new TopicHarness();
    h.topic.close();
    h.topic.wake();
    expect(h.runtime.sockets.length).toBe(1);
    expect(h.runtime.timerCount).toBe(0);
  });
});

describe('a machine that has slept', () => {
  it('is noticed by the next look at the clock, and a connection that lives goes on', () => {
    const h = new TopicHarness();
    h.greet();
    h.runtime.sleep(3_600_000);
    h.runtime.advance(0);
    expect(h.socket.pings).toBe(2);
    h.deliver('pong');
    h.runtime.advance(20_000);
    expect(h.stateNames).toEqual(['open']);
  });

  it('replaces a dead connection at once, without a word of a loss', () => {
    const h = new TopicHarness();
    h.greet();
    h.runtime.sleep(3_600_000);
    h.runtime.advance(CHECK_MS);
    expect(h.runtime.sockets.length).toBe(2);
    h.greet();
    expect(h.stateNames).toEqual(['open', 'connecting', 'open']);
  });

  it('while a ping was on its way asks again before it gives the connection up', () => {
    const h = new TopicHarness();
    h.greet();
    h.runtime.advance(PING_EVERY_MS);
    h.runtime.sleep(3_600_000);
    h.runtime.advance(0);
    expect(h.topic.state.name).toBe('open');
    expect(h.socket.pings).toBe(3);
    h.runtime.advance(CHECK_MS);
    expect(h.topic.state).toEqual({ name: 'connecting', attempt: 1 });
  });
});

describe('a page whose timers are held back to one a minute', () => {
  it('pings often enough for a server that waits ten minutes, and keeps its connection', () => {
    const h = new TopicHarness();
    h.greet();
    const pingedAtMs: number[] = [];
    for (let minute = 0; minute < 60; minute++) {
      const before = h.socket.pings;
      h.runtime.sleep(60_000);
      h.runtime.advance(0);
      if (h.socket.pings > before) pingedAtMs.push(h.runtime.nowMs);
      h.deliver('pong');
    }
    expect(h.stateNames).toEqual(['open']);
    expect(pingedAtMs.length).toBeGreaterThan(30);
  });
});
