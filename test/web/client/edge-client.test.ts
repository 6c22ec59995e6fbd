import { describe, expect, expectTypeOf, it } from 'vitest';
import type { OutcomeEvent } from '../../../shared/events.ts';
import { BadFilterError } from '../../../web/client/check-filter.ts';
import { connect } from '../../../web/client/edge-client.ts';
import { filter } from '../../../web/client/filter-builder.ts';
import { SubscriptionError } from '../../../web/client/topic-subscriptions.ts';
import { EdgeHarness } from './edge-harness.ts';
import { error, events, gap, heartbeat, replay, subscribed } from './frames.ts';

const A = { symbols: ['A'] };
const B = { symbols: ['B'] };

describe('several subscriptions of a topic', () => {
  it('share one connection, and each gets what matches its own filter', () => {
    const edge = new EdgeHarness();
    const [a, b] = [edge.subscribe({ filter: A }), edge.subscribe({ filter: B })];
    edge.accept(a, b);
    edge.live({ 101: 'A', 102: 'B', 103: 'C' });
    expect(edge.runtime.sockets).toHaveLength(1);
    expect([a.seqs, b.seqs]).toEqual([[101], [102]]);
  });

  it('get an event that several want once each', () => {
    const edge = new EdgeHarness();
    const [all, a] = [edge.subscribe({}), edge.subscribe({ filter: A })];
    edge.accept(all, a);
    edge.live({ 101: 'A' });
    expect([all.seqs, a.seqs]).toEqual([[101], [101]]);
  });

  it('get a snapshot of their own, also of what others have had', () => {
    const edge = new EdgeHarness();
    const all = edge.subscribe({});
    edge.accept(all);
    edge.live({ 101: 'A', 102: 'B' });
    const late = edge.subscribe({ filter: A, snapshot: 10 });
    edge.accept(late);
    edge.replay(late, { 99: 'A', 101: 'A' });
    expect(late.seqs).toEqual([99, 101]);
    expect(late.told.events.map(({ replay }) => replay)).toEqual([{ done: true }]);
    expect(all.seqs).toEqual([101, 102]);
  });

  it('get nothing that came before the server knew of them', () => {
    const edge = new EdgeHarness();
    const all = edge.subscribe({});
    edge.accept(all);
    const late = edge.subscribe({});
    edge.live({ 101: 'A' });
    edge.accept(late);
    edge.live({ 102: 'A' });
    expect([all.seqs, late.seqs]).toEqual([[101, 102], [102]]);
  });

  it('get nothing twice when live events repeat what a backfill had', () => {
    const edge = new EdgeHarness();
    const all = edge.subscribe({ snapshot: 5 });
    edge.accept(all);
    edge.replay(all, { 100: 'A', 101: 'A' });
    edge.live({ 101: 'A', 102: 'A' });
    expect(all.seqs).toEqual([100, 101, 102]);
  });

  it('go on after a new beginning of the tape, in which a seq means another event', () => {
    const edge = new EdgeHarness();
    const all = edge.subscribe({});
    edge.accept(all);
    edge.live({ 101: 'A' });
    edge.reconnect({ epoch: 'e2' });
    edge.socket.deliver(subscribed(all.id, { recovered: false, position: { epoch: 'e2', seq: 100 } }));
    edge.socket.deliver(replay(all.id, 100, [], true, { epoch: 'e2' }));
    edge.live({ 101: 'A' }, { epoch: 'e2' });
    expect(all.told.lost).toEqual([{ since: { epoch: 'e1', seq: 101 } }]);
    expect(all.seqs).toEqual([101, 101]);
  });

  it('are closed one by one, and hear nothing after that', () => {
    const edge = new EdgeHarness();
    const [a, b] = [edge.subscribe({}), edge.subscribe({})];
    edge.accept(a, b);
    a.subscription.close();
    a.subscription.close();
    edge.live({ 101: 'A' });
    edge.socket.deliver(gap(102));
    expect(edge.socket.messages.filter(({ type }) => type === 'unsubscribe')).toEqual([
      { type: 'unsubscribe', id: a.id },
    ]);
    expect([a.seqs, a.told.gap]).toEqual([[], []]);
    expect([b.seqs, b.told.gap]).toEqual([[101], [gap(102)]]);
  });
});

describe('a subscription', () => {
  it('tells that its snapshot is done, also when there was nothing stored', () => {
    const edge = new EdgeHarness();
    const all = edge.subscribe({ snapshot: 5 });
    edge.accept(all);
    edge.replay(all, {});
    expect(all.told.events).toMatchObject([{ events: [], replay: { done: true }, epoch: 'e1' }]);
  });

  it('asks to go on from where it was told to', () => {
    const edge = new EdgeHarness();
    const kept = { epoch: 'e1', seq: 42 };
    const all = edge.subscribe({ resume: kept, snapshot: 5 });
    edge.subscribe({ resume: null });
    edge.greet();
    expect(edge.socket.messages).toMatchObject([
      { id: all.id, resume: kept, snapshot: 5 },
      { filter: { kinds: ['pattern'] } },
    ]);
    expect(edge.socket.messages[1]).not.toHaveProperty('resume');
  });

  it('knows where it stands', () => {
    const edge = new EdgeHarness();
    const all = edge.subscribe({});
    expect([all.subscription.topic, all.subscription.state.name, all.subscription.position]).toEqual([
      'daily',
      'connecting',
      null,
    ]);
    edge.accept(all);
    edge.live({ 101: 'A' });
    expect([all.subscription.state.name, all.subscription.position]).toEqual(['open', { epoch: 'e1', seq: 101 }]);
  });

  it('tells of its connection, of gaps, of what is withheld, and that the data is fresh', () => {
    const edge = new EdgeHarness();
    const all = edge.subscribe({});
    edge.accept(all);
    const withheld = { from: 1, to: 2, rate_limited: 2, skipped: 0 };
    for (const frame of [gap(101), heartbeat(101), events(102, [], { withheld })]) edge.socket.deliver(frame);
    expect(all.told.state.map(({ name }) => name)).toEqual(['backfilling', 'open']);
    expect(all.told).toMatchObject({ gap: [gap(101)], heartbeat: [heartbeat(101)], withheld: [withheld], error: [] });
  });

  it('tells nothing before subscribe has returned', () => {
    const edge = new EdgeHarness();
    edge.accept(edge.subscribe({}));
    const second = edge.subscribe({});
    expect(second.told.state).toEqual([]);
    edge.accept(second);
    expect(second.told.state.map(({ name }) => name)).toEqual(['open']);
  });
});

describe('what is wrong', () => {
  it.each([
    ['a filter that the server would refuse', { filter: { symbol: ['A'] } as never }, BadFilterError],
    ['a topic that there is not', { topic: 'weekly' as never }, TypeError],
  ])('is thrown at once, before anything connects: %s', (_, options, type) => {
    const edge = new EdgeHarness();
    expect(() => edge.subscribe(options)).toThrow(type);
    expect(edge.runtime.sockets).toEqual([]);
  });

  it.each(['', 'localhost:8787', 'ftp://host', 'http://', 'https:///ws'])('is thrown for the url %j', url => {
    expect(() => connect({ url })).toThrow('url: expected http(s)://host or ws(s)://host');
  });

  it('is told where the server refuses the subscription, and to nobody else', () => {
    const edge = new EdgeHarness();
    const [a, b] = [edge.subscribe({}), edge.subscribe({})];
    edge.accept(a);
    edge.socket.deliver(error('too_many_subscriptions', { id: b.id, message: 'a session has at most 32' }));
    edge.live({ 101: 'A' });
    expect(b.told.error).toEqual([new SubscriptionError('too_many_subscriptions', 'a session has at most 32')]);
    expect([a.seqs, b.seqs, a.told.error]).toEqual([[101], [], []]);
  });

  it('is not worth telling where the request is only sent again', () => {
    const edge = new EdgeHarness();
    const all = edge.subscribe({});
    edge.greet();
    edge.socket.deliver(error('rate_limited', { id: all.id }));
    edge.runtime.advance(1_000);
    edge.socket.deliver(subscribed(all.id, { filter: {} }));
    edge.live({ 101: 'A' });
    expect([all.told.error, all.seqs]).toEqual([[], [101]]);
  });

  it('is told where a close code forbids coming back; all goes on when it is tried all the same', () => {
    const edge = new EdgeHarness();
    const all = edge.subscribe({});
    edge.accept(all);
    edge.socket.drop(4001, 'ticket expired');
    expect(all.told.error).toEqual([new SubscriptionError(4001, 'ticket expired')]);
    const late = edge.subscribe({});
    expect(late.told.error).toEqual([]);
    edge.runtime.advance(0);
    expect(late.told.error).toEqual([new SubscriptionError(4001, 'ticket expired')]);
    edge.client.retryNow();
    edge.accept(all, late);
    edge.live({ 101: 'A' });
    expect([all.seqs, late.seqs]).toEqual([[101], [101]]);
  });

  it('is thrown where nobody catches it when there is no handler for it', () => {
    const edge = new EdgeHarness();
    edge.client.subscribe({ topic: 'daily', onEvents: () => undefined });
    edge.greet();
    edge.socket.deliver(error('bad_filter', { id: 'subscription-1', message: 'max_filter_values: …' }));
    expect(() => edge.runtime.advance(0)).toThrow(new SubscriptionError('bad_filter', 'max_filter_values: …'));
  });

  it('in a handler disturbs no other, and is thrown where nobody catches it', () => {
    const edge = new EdgeHarness();
    const onEvents = () => {
      throw new Error('mine');
    };
    const [throwing, other] = [edge.subscribe({ onEvents }), edge.subscribe({})];
    edge.accept(throwing, other);
    edge.live({ 101: 'A' });
    expect(other.seqs).toEqual([101]);
    expect(() => edge.runtime.advance(0)).toThrow('mine');
  });
});

describe('the client', () => {
  it('sends filters in normal form, from a builder too', () => {
    const edge = new EdgeHarness();
    edge.subscribe({ filter: filter().symbols('nvda', ' NVDA').confidence(0) });
    edge.greet();
    expect(edge.socket.messages[0]!.filter).toEqual({ kinds: ['pattern'], symbols: ['NVDA'] });
  });

  it('is closed without telling any error, and can be used anew', () => {
    const edge = new EdgeHarness();
    const all = edge.subscribe({});
    edge.accept(all);
    edge.client.close();
    edge.runtime.advance(60_000);
    expect(all.told.error).toEqual([]);
    expect(all.told.state.at(-1)).toEqual({ name: 'closed', code: null, reason: 'closed here' });
    expect(edge.runtime.timerCount).toBe(0);
    const anew = edge.subscribe({});
    edge.accept(anew);
    edge.live({ 101: 'A' });
    expect([all.seqs, anew.seqs]).toEqual([[], [101]]);
  });

  it('types events by their topic', () => {
    const { client } = new EdgeHarness();
    client.subscribe({
      topic: 'combo',
      onEvents: ({ events: [event] }) => {
        if (event?.kind !== 'pattern') {
          expectTypeOf(event!).toEqualTypeOf<OutcomeEvent>();
          return;
        }
        expectTypeOf(event.tier).toEqualTypeOf<'combo'>();
        expectTypeOf(event.confidence).toEqualTypeOf<number>();
      },
    });
    client.subscribe({
      topic: 'system',
      onEvents: ({ events: [event] }) => {
        // @ts-expect-error no patterns there
        if (event?.kind === 'pattern') return;
        if (event?.kind === 'critical_alert') expectTypeOf(event.message).toEqualTypeOf<string | null>();
      },
    });
  });
});
