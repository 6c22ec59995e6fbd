import { describe, expect, it } from 'vitest';
import { error, events, gap, heartbeat, hello, replay, subscribed } from './frames.ts';
import { TopicHarness } from './topic-harness.ts';

/** A topic with one subscription that is up to date at 100. */
function live(): TopicHarness {
  const h = new TopicHarness();
  h.topic.subscribe({ id: 's', filter: { symbols: ['AAPL'] } });
  h.greet();
  h.deliver(subscribed('s'));
  return h;
}

describe('a subscription', () => {
  it('is sent when the server has greeted, and at once from then on', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's', filter: { symbols: ['AAPL'] }, snapshot: 50 });
    expect(h.socket.sent).toEqual([]);
    h.greet();
    h.topic.subscribe({ id: 't' });
    expect(h.socket.messages).toEqual([
      { type: 'subscribe', id: 's', filter: { symbols: ['AAPL'] }, snapshot: 50 },
      { type: 'subscribe', id: 't' },
    ]);
  });

  it('is what the caller asked for, whatever becomes of the caller’s object', () => {
    const h = new TopicHarness();
    const filter = { symbols: ['AAPL'] };
    h.topic.subscribe({ id: 's', filter });
    filter.symbols.push('NVDA');
    h.greet();
    expect(h.socket.messages[0]).toMatchObject({ filter: { symbols: ['AAPL'] } });
  });

  it('makes the topic backfilling until it is done', () => {
    const h = new TopicHarness();
    h.greet();
    h.topic.subscribe({ id: 's', snapshot: 2 });
    expect(h.topic.state).toEqual({ name: 'backfilling' });
    h.deliver(subscribed('s'), replay('s', 99, [98, 99], false));
    expect(h.topic.state).toEqual({ name: 'backfilling' });
    h.deliver(replay('s', 100, [100], true));
    expect(h.topic.state).toEqual({ name: 'open' });
    expect(h.told.events.map(batch => batch.replay)).toEqual([
      { id: 's', done: false },
      { id: 's', done: true },
    ]);
    expect(h.told.subscribed).toMatchObject([{ id: 's' }]);
  });

  it('is taken away when asked, and no more sent on the next connection', () => {
    const h = live();
    h.topic.unsubscribe('s');
    expect(h.socket.messages.at(-1)).toEqual({ type: 'unsubscribe', id: 's' });
    h.deliver({ type: 'unsubscribed', id: 's' });
    expect(h.topic.position('s')).toBeNull();
    h.reconnect();
    expect(h.socket.messages).toEqual([]);
  });

  it('that was never sent is taken away without a word', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's' });
    h.topic.unsubscribe('s');
    h.topic.unsubscribe('nobody');
    h.greet();
    expect(h.socket.messages).toEqual([]);
  });

  it('waits its turn while an earlier request for its id is not answered; only the last is sent', () => {
    const h = new TopicHarness();
    h.greet();
    for (const symbol of ['A', 'B', 'C']) h.topic.subscribe({ id: 's', filter: { symbols: [symbol] } });
    expect(h.socket.messages.length).toBe(1);
    h.deliver(subscribed('s'));
    expect(h.topic.position('s')).toBeNull();
    expect(h.socket.messages.slice(1)).toEqual([{ type: 'subscribe', id: 's', filter: { symbols: ['C'] } }]);
  });

  it('taken away while it is not answered is taken away when it is', () => {
    const h = new TopicHarness();
    h.greet();
    h.topic.subscribe({ id: 's' });
    h.topic.unsubscribe('s');
    expect(h.socket.messages.length).toBe(1);
    h.deliver(subscribed('s'));
    expect(h.socket.messages.at(-1)).toEqual({ type: 'unsubscribe', id: 's' });
    h.topic.subscribe({ id: 's', snapshot: 3 });
    h.deliver({ type: 'unsubscribed', id: 's' });
    expect(h.socket.messages.at(-1)).toEqual({ type: 'subscribe', id: 's', snapshot: 3 });
  });

  it('begins where the caller says', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's', resume: { epoch: 'e1', seq: 42 }, snapshot: 5 });
    h.greet();
    expect(h.socket.messages).toEqual([{ type: 'subscribe', id: 's', snapshot: 5, resume: { epoch: 'e1', seq: 42 } }]);
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 42 });
  });
});

describe('a position', () => {
  it('starts where the subscription stands when there is no backfill', () => {
    expect(live().topic.position('s')).toEqual({ epoch: 'e1', seq: 100 });
  });

  it('is moved by live frames and heartbeats', () => {
    const h = live();
    h.deliver(events(103, [102]));
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 103 });
    h.deliver(heartbeat(107));
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 107 });
  });

  it('of a snapshot counts only when that is done', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's', snapshot: 3 });
    h.greet();
    h.deliver(subscribed('s'), replay('s', 99, [98, 99], false), heartbeat(100));
    expect(h.topic.position('s')).toBeNull();
    h.deliver(replay('s', 100, [100], true));
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 100 });
  });

  it('of a resumed subscription moves with each frame of its backfill, and with nothing else', () => {
    const h = live();
    h.reconnect({ head: 300 });
    h.deliver(subscribed('s', { recovered: true }), replay('s', 150, [150], false), heartbeat(300));
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 150 });
    h.deliver(replay('s', 300, [], true), heartbeat(301));
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 301 });
  });

  it('is not moved by another subscription’s backfill', () => {
    const h = live();
    h.topic.subscribe({ id: 't', snapshot: 1 });
    h.deliver(subscribed('t'), replay('t', 50, [50], true));
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 100 });
  });

  it('is not moved on a connection on which the subscription was not answered yet', () => {
    const h = live();
    h.reconnect({ head: 300 });
    h.deliver(heartbeat(300), events(301, [301]));
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 100 });
  });

  it('is not moved by a heartbeat before any epoch is known', () => {
    const h = new TopicHarness();
    h.deliver(heartbeat(5));
    expect(h.told.heartbeat.length).toBe(1);
  });
});

describe('after a reconnect', () => {
  it('a subscription with a position resumes, and names its snapshot in case it cannot', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's', snapshot: 50 });
    h.greet();
    h.deliver(subscribed('s'), replay('s', 100, [], true), events(105, [105]));
    h.reconnect();
    expect(h.socket.messages).toEqual([
      { type: 'subscribe', id: 's', snapshot: 50, resume: { epoch: 'e1', seq: 105 } },
    ]);
  });

  it('a subscription that was never answered starts with its snapshot', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's', snapshot: 50 });
    h.greet();
    h.reconnect();
    expect(h.socket.messages).toEqual([{ type: 'subscribe', id: 's', snapshot: 50 }]);
  });

  it('one that was cut off in its snapshot gets all since it began, then its snapshot, as one backfill', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's', snapshot: 2 });
    h.greet();
    h.deliver(subscribed('s'), replay('s', 99, [99], false));
    h.reconnect({ head: 110 });
    expect(h.socket.messages).toEqual([{ type: 'subscribe', id: 's', snapshot: 2, resume: { epoch: 'e1', seq: 100 } }]);
    const at110 = { position: { epoch: 'e1', seq: 110 } };
    h.deliver(subscribed('s', { ...at110, recovered: true }), replay('s', 110, [101, 105, 109], true));
    expect(h.socket.messages.slice(1)).toEqual([{ type: 'subscribe', id: 's', snapshot: 2 }]);
    expect([h.topic.state.name, h.topic.position('s')]).toEqual(['backfilling', null]);
    h.deliver(subscribed('s', at110), replay('s', 110, [98, 109], true));
    expect([h.topic.state.name, h.topic.position('s')]).toEqual(['open', { epoch: 'e1', seq: 110 }]);
    expect(h.seqs).toEqual([99, 101, 105, 109, 98]);
    expect(h.told.subscribed.map(({ recovered }) => recovered)).toEqual([null, true]);
    expect(h.told.events.map(({ replay }) => replay?.done)).toEqual([false, false, true]);
  });

  it('one that was cut off time and again goes on from where it got to', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's', snapshot: 2 });
    h.greet();
    h.deliver(subscribed('s'));
    h.reconnect({ head: 110 });
    h.deliver(subscribed('s', { recovered: true }), replay('s', 105, [105], false));
    h.reconnect({ head: 110 });
    expect(h.socket.messages).toMatchObject([{ resume: { epoch: 'e1', seq: 105 } }]);
    const at120 = { position: { epoch: 'e1', seq: 120 } };
    h.deliver(subscribed('s', { recovered: true }), replay('s', 110, [], true), subscribed('s', at120));
    h.reconnect({ head: 130 });
    expect(h.socket.messages).toMatchObject([{ snapshot: 2, resume: { epoch: 'e1', seq: 120 } }]);
  });

  it('one whose second request for its snapshot is refused does without', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's', snapshot: 2 });
    h.greet();
    h.deliver(subscribed('s'));
    h.reconnect();
    h.deliver(subscribed('s', { recovered: true }), replay('s', 100, [], true), error('bad_message', { id: 's' }));
    h.deliver(subscribed('s', { recovered: true }), replay('s', 100, [], true));
    expect([h.topic.state.name, h.topic.position('s')]).toEqual(['open', { epoch: 'e1', seq: 100 }]);
  });

  it('one that was cut off in the snapshot after a loss goes on from there, and tells the loss once', () => {
    const h = live();
    h.reconnect({ epoch: 'e2', head: 7 });
    h.deliver(subscribed('s', { recovered: false, position: { epoch: 'e2', seq: 7 } }));
    h.reconnect({ epoch: 'e2', head: 9 });
    expect(h.socket.messages).toMatchObject([{ resume: { epoch: 'e2', seq: 7 } }]);
    expect(h.told.lost.length).toBe(1);
  });

  it('what cannot be recovered is told as lost, and the snapshot follows', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's', snapshot: 2 });
    h.greet();
    h.deliver(subscribed('s'), replay('s', 100, [99, 100], true));
    h.reconnect({ epoch: 'e2', head: 7 });
    h.deliver(subscribed('s', { recovered: false, position: { epoch: 'e2', seq: 7 } }));
    expect(h.told.lost).toEqual([{ id: 's', since: { epoch: 'e1', seq: 100 } }]);
    expect(h.topic.position('s')).toBeNull();
    h.deliver(replay('s', 6, [6], false, { epoch: 'e2' }));
    expect(h.topic.position('s')).toBeNull();
    h.deliver(replay('s', 7, [7], true, { epoch: 'e2' }));
    expect(h.topic.position('s')).toEqual({ epoch: 'e2', seq: 7 });
    expect(h.seqs).toEqual([99, 100, 6, 7]);
  });

  it('nothing is lost when everything could be recovered', () => {
    const h = live();
    h.reconnect();
    h.deliver(subscribed('s', { recovered: true }), replay('s', 100, [], true));
    expect(h.told.lost).toEqual([]);
  });
});

describe('a replaced subscription', () => {
  it('starts anew with another filter', () => {
    const h = live();
    h.topic.subscribe({ id: 's', filter: { symbols: ['NVDA'] }, snapshot: 9 });
    expect(h.topic.position('s')).toBeNull();
    expect(h.socket.messages.at(-1)).toEqual({
      type: 'subscribe',
      id: 's',
      filter: { symbols: ['NVDA'] },
      snapshot: 9,
    });
  });

  it('goes on from its position with the same filter', () => {
    const h = live();
    h.topic.subscribe({ id: 's', filter: { symbols: ['AAPL'] }, snapshot: 9 });
    expect(h.socket.messages.at(-1)).toMatchObject({ resume: { epoch: 'e1', seq: 100 } });
  });

  it('hears nothing more of the backfill it ended, and takes those events when they come again', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 's', snapshot: 9 });
    h.greet();
    h.deliver(subscribed('s'), replay('s', 90, [90], false));
    h.topic.subscribe({ id: 's', filter: { symbols: ['NVDA'] }, snapshot: 9 });
    h.deliver(replay('s', 95, [95], true));
    expect(h.seqs).toEqual([90]);
    h.deliver(subscribed('s'), replay('s', 100, [90, 95, 100], true));
    expect(h.seqs).toEqual([90, 95, 100]);
    expect(h.told.events.at(-1)!.repeats.map(event => event.seq)).toEqual([90]);
  });

  it('that is refused gives way to the one before, from where that stood', () => {
    const h = live();
    h.topic.subscribe({ id: 's', filter: { confidence_min: 7 } });
    h.deliver(error('bad_filter', { id: 's' }));
    expect(h.told.error).toMatchObject([{ code: 'bad_filter', id: 's' }]);
    expect(h.socket.messages.at(-1)).toEqual({
      type: 'subscribe',
      id: 's',
      filter: { symbols: ['AAPL'] },
      resume: { epoch: 'e1', seq: 100 },
    });
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 100 });
  });

  it('that is refused after a reconnect gives way too', () => {
    const h = live();
    h.topic.subscribe({ id: 's', filter: { confidence_min: 7 } });
    h.topic.subscribe({ id: 's', filter: { confidence_min: 8 } });
    h.reconnect();
    expect(h.socket.messages).toMatchObject([{ filter: { confidence_min: 8 } }]);
    h.deliver(error('bad_filter', { id: 's' }));
    expect(h.socket.messages.at(-1)).toMatchObject({ filter: { symbols: ['AAPL'] } });
  });

  it('gives way to one that was accepted meanwhile', () => {
    const h = new TopicHarness();
    h.greet();
    h.topic.subscribe({ id: 's', filter: { symbols: ['A'] }, snapshot: 4 });
    h.topic.subscribe({ id: 's', filter: { confidence_min: 7 } });
    h.deliver(subscribed('s'), error('bad_filter', { id: 's' }));
    expect(h.socket.messages.at(-1)).toEqual({
      type: 'subscribe',
      id: 's',
      filter: { symbols: ['A'] },
      snapshot: 4,
      resume: { epoch: 'e1', seq: 100 },
    });
  });
});

describe('a refusal', () => {
  it('ends a subscription that was never accepted', () => {
    const h = new TopicHarness();
    h.greet();
    h.topic.subscribe({ id: 's', filter: { confidence_min: 7 } });
    h.deliver(error('bad_filter', { id: 's' }));
    expect(h.topic.state).toEqual({ name: 'open' });
    h.reconnect();
    expect(h.socket.messages).toEqual([]);
  });

  it('makes way for what the caller has asked for meanwhile', () => {
    const h = new TopicHarness();
    h.greet();
    h.topic.subscribe({ id: 's', filter: { confidence_min: 7 } });
    h.topic.subscribe({ id: 's', filter: { confidence_min: 0.7 } });
    h.deliver(error('bad_filter', { id: 's' }));
    expect(h.socket.messages.at(-1)).toMatchObject({ filter: { confidence_min: 0.7 } });
  });

  it('without an id belongs to the oldest request', () => {
    const h = new TopicHarness();
    h.greet();
    h.topic.subscribe({ id: 'x'.repeat(65) });
    h.topic.subscribe({ id: 't' });
    h.deliver(error('bad_message'), subscribed('t'));
    expect(h.topic.state).toEqual({ name: 'open' });
  });

  it('of nothing that was asked is only told', () => {
    const h = live();
    h.deliver(error('bad_json'), error('unknown_subscription', { id: 'who' }));
    expect(h.told.error.length).toBe(2);
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 100 });
  });

  it('of taking away what the server does not know ends the matter', () => {
    const h = live();
    h.topic.unsubscribe('s');
    h.deliver(error('unknown_subscription', { id: 's' }));
    h.topic.unsubscribe('s');
    expect(h.socket.messages.length).toBe(2);
  });

  it('for coming too soon is answered by asking again after a second', () => {
    const h = new TopicHarness();
    h.greet();
    h.topic.subscribe({ id: 's' });
    h.topic.subscribe({ id: 't' });
    h.deliver(error('rate_limited'), error('rate_limited'));
    expect(h.topic.state).toEqual({ name: 'backfilling' });
    h.runtime.advance(999);
    expect(h.socket.messages.length).toBe(2);
    h.runtime.advance(1);
    expect(h.socket.messages.slice(2)).toEqual(h.socket.messages.slice(0, 2));
    h.deliver(subscribed('s'), subscribed('t'));
    expect(h.topic.state).toEqual({ name: 'open' });
  });

  it('for taking away too soon is answered likewise', () => {
    const h = live();
    h.topic.unsubscribe('s');
    h.deliver(error('rate_limited'));
    h.runtime.advance(1_000);
    expect(h.socket.messages.slice(-2)).toEqual(Array(2).fill({ type: 'unsubscribe', id: 's' }));
  });

  it('for coming too soon is forgotten when the connection ends', () => {
    const h = live();
    h.topic.subscribe({ id: 't' });
    h.deliver(error('rate_limited'));
    h.topic.close();
    expect(h.runtime.timerCount).toBe(0);
  });
});

describe('a group', () => {
  it('takes neither resume nor snapshot, and starts anew on each connection', () => {
    const h = new TopicHarness();
    h.topic.subscribe({ id: 'w', group: 'workers', snapshot: 5, resume: { epoch: 'e1', seq: 1 } });
    h.greet();
    h.deliver(subscribed('w'), events(105, [105]));
    expect(h.topic.state).toEqual({ name: 'open' });
    expect(h.topic.position('w')).toBeNull();
    h.reconnect();
    const asked = { type: 'subscribe', id: 'w', group: 'workers' };
    expect(h.runtime.sockets.flatMap(socket => socket.messages)).toEqual([asked, asked]);
    expect(h.seqs).toEqual([105]);
  });

  it('joined by a subscription makes it start anew', () => {
    const h = live();
    h.topic.subscribe({ id: 's', filter: { symbols: ['AAPL'] }, group: 'g' });
    expect(h.topic.position('s')).toBeNull();
  });
});

describe('repeats', () => {
  it('are dropped, whatever the head says, and shown apart', () => {
    const h = live();
    h.deliver(events(110, [110, 101]), events(110, [101, 102, 110]));
    expect(h.seqs).toEqual([110, 101, 102]);
    expect(h.told.events[1]!.repeats.map(event => event.seq)).toEqual([101, 110]);
  });

  it('are not noticed beyond the last 10,000', () => {
    const h = live();
    const many = Array.from({ length: 10_000 }, (_, i) => 101 + i);
    h.deliver(events(10_100, many), events(10_101, [10_101]), events(10_101, [101, 10_100]));
    expect(h.told.events.at(-1)).toMatchObject({ events: [{ seq: 101 }], repeats: [{ seq: 10_100 }] });
  });

  it('of another epoch are none', () => {
    const h = live();
    h.deliver(events(105, [105]));
    h.reconnect({ epoch: 'e2' });
    h.deliver(events(105, [105], { epoch: 'e2' }));
    expect(h.seqs).toEqual([105, 105]);
  });

  it('of an epoch that begins within a connection are none', () => {
    const h = live();
    h.deliver(events(105, [105]), events(5, [105], { epoch: 'e2' }));
    expect(h.seqs).toEqual([105, 105]);
    expect(h.topic.position('s')).toEqual({ epoch: 'e2', seq: 5 });
  });
});

describe('what is told', () => {
  it('is what was withheld, after the events of its frame', () => {
    const h = live();
    const order: string[] = [];
    h.topic.on('events', () => order.push('events'));
    h.topic.on('withheld', () => order.push('withheld'));
    const withheld = { from: 101, to: 105, rate_limited: 3, skipped: 1 };
    h.deliver(events(105, [105], { withheld }), events(106, [], { withheld }));
    expect(h.told.withheld).toEqual([withheld, withheld]);
    expect(order).toEqual(['events', 'withheld', 'withheld']);
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 106 });
  });

  it('is each gap once, also when two backfills tell it', () => {
    const h = live();
    h.deliver(gap(101), gap(101), gap(102));
    expect(h.told.gap.map(told => told.seq)).toEqual([101, 102]);
    h.deliver(gap(101, { epoch: 'e2' }));
    expect(h.told.gap.length).toBe(3);
  });

  it('is no batch for a frame that only moves the position', () => {
    const h = live();
    h.deliver(events(120, []));
    expect(h.told.events).toEqual([]);
    expect(h.topic.position('s')).toEqual({ epoch: 'e1', seq: 120 });
  });

  it('is when a batch came in, and of which epoch it is', () => {
    const h = live();
    h.runtime.advance(77);
    h.deliver(events(101, [101]), { ...events(1, [1]), epoch: 'e2' });
    expect(h.told.events[0]!.receivedAtMs).toBe(1_000_077);
    expect(h.told.events.map(({ epoch }) => epoch)).toEqual(['e1', 'e2']);
  });

  it('ends for a listener that is taken away', () => {
    const h = live();
    const heard: number[] = [];
    const off = h.topic.on('heartbeat', frame => heard.push(frame.head));
    h.deliver(heartbeat(101));
    off();
    h.deliver(heartbeat(102));
    expect(heard).toEqual([101]);
  });

  it('is how the clocks stand, from greetings, heartbeats and pings', () => {
    const h = new TopicHarness();
    h.deliver(hello({ server_at_ms: h.runtime.nowMs - 540 }));
    expect(h.topic.clockOffset).toBeNull();
    h.runtime.advance(80);
    h.deliver('pong');
    expect(h.topic.clockOffset).toEqual({ offsetMs: 500, roundTripMs: 80 });
    h.deliver(heartbeat(1, { server_at_ms: h.runtime.nowMs - 530 }));
    expect(h.topic.clockOffset).toEqual({ offsetMs: 490, roundTripMs: 80 });
  });
});

describe('a topic', () => {
  it('goes on when frames are malformed or unknown, and counts them', () => {
    const h = live();
    h.deliver('{', { type: 'surprise' }, { type: 'surprise' }, events(101, [], { events: [{}] }));
    h.socket.onmessage?.({ data: new ArrayBuffer(4) });
    expect(h.told.problem).toEqual([
      { kind: 'malformed_frame', detail: 'not an object with a type', count: 1 },
      { kind: 'unknown_frame', detail: 'surprise', count: 1 },
      { kind: 'unknown_frame', detail: 'surprise', count: 2 },
      { kind: 'malformed_frame', detail: 'events', count: 2 },
      { kind: 'malformed_frame', detail: 'not an object with a type', count: 3 },
    ]);
    h.deliver(events(102, [102]));
    expect(h.seqs).toEqual([102]);
  });

  it('goes on when a listener throws, and tells the others', () => {
    const h = live();
    const heard: number[] = [];
    h.topic.on('heartbeat', () => {
      throw new Error('boom');
    });
    h.topic.on('heartbeat', frame => heard.push(frame.head));
    h.topic.on('gap', () => {
      throw 'bare';
    });
    h.deliver(heartbeat(101), gap(102), heartbeat(103));
    expect(heard).toEqual([101, 103]);
    expect(h.told.problem).toEqual([
      { kind: 'listener_threw', detail: 'heartbeat: boom', count: 1 },
      { kind: 'listener_threw', detail: 'gap: bare', count: 2 },
      { kind: 'listener_threw', detail: 'heartbeat: boom', count: 3 },
    ]);
  });

  it('goes on when a listener throws because it is told that one threw', () => {
    const h = live();
    h.topic.on('problem', () => {
      throw new Error('again');
    });
    h.deliver('{', '{');
    expect(h.told.problem.length).toBe(2);
    h.topic.on('heartbeat', () => {
      throw new Error('boom');
    });
    h.deliver(heartbeat(101));
    expect(h.told.problem.at(-1)).toMatchObject({ kind: 'listener_threw', count: 3 });
  });
});
