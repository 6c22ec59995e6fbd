import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../shared/filter.ts';
import type { EventBatch } from '../../../web/client/client.ts';
import { Feed, SNAPSHOT } from '../../../web/live/feed.ts';
import { Rows } from '../../../web/live/rows.ts';
import type { EventLine } from '../../../web/live/store.ts';
import { error, gap, heartbeat, replay, subscribed } from '../client/frames.ts';
import { TopicHarness } from '../client/topic-harness.ts';
import { pattern } from './support.ts';

type Changes = Record<string, unknown>;

/** A feed on a topic whose server the test plays; nothing is connected yet. */
class FeedHarness extends TopicHarness {
  readonly rows = new Rows({ tier: 'daily', capacity: 500, isInView: () => false });
  readonly news: { seqs: number[]; isLive: boolean }[] = [];
  restarts = 0;
  changes: boolean[] = [];
  readonly feed: Feed;

  constructor(isGreetedBefore = false) {
    super();
    if (isGreetedBefore) {
      this.greet();
      this.deliver(heartbeat(100, { server_at_ms: 1_000_000, bridge_at_ms: 991_000 }));
    }
    this.rows.setView('stream');
    this.feed = new Feed({
      tier: 'daily',
      topic: this.topic,
      rows: this.rows,
      clock: () => 'exchange',
      now: () => this.runtime.now(),
      onNews: (lines: readonly EventLine[], _batch: EventBatch, isLive) =>
        this.news.push({ seqs: lines.map(({ seq }) => seq), isLive }),
      onRestart: () => this.restarts++,
      onChange: isGrave => this.changes.push(isGrave),
    });
  }

  /** Connected, with one subscription `s` whose snapshot is complete. */
  static live(filter: Filter = {}, snapshot: number[] = []): FeedHarness {
    const h = new FeedHarness();
    h.feed.subscribe([{ id: 's', filter }]);
    h.greet();
    h.deliver(subscribed('s'), patterns('s', snapshot, { head: 100, done: true }));
    return h;
  }

  /** How many of the messages sent have been answered, by `answer`. */
  answered = 0;

  /** Answers what was sent as the server would whose tape holds these positions, until nothing more is sent. */
  answer(tape: number[]): void {
    for (; this.answered < this.socket.messages.length; this.answered++) {
      const { type, id, resume } = this.socket.messages[this.answered] as { type: string; id: string; resume?: object };
      if (type === 'unsubscribe') this.deliver({ type: 'unsubscribed', id });
      else {
        const seqs = resume ? [] : tape;
        this.deliver(
          subscribed(id, { recovered: resume ? true : null }),
          patterns(id, seqs, { head: 100, done: true }),
        );
      }
    }
  }

  /** Top first: a note's words, or an event's position. */
  get shown(): (string | number)[] {
    return this.rows.entries().map(entry => (entry.type === 'note' ? entry.note : entry.event.seq));
  }

  get notes(): string[] {
    return this.rows.entries().flatMap(entry => (entry.type === 'note' ? [entry.words] : []));
  }
}

const evented = (seqs: number[], changes: Changes = {}) => seqs.map(seq => pattern(seq, changes));

function live(seqs: number[], changes: Changes = {}, frame: Changes = {}) {
  return { type: 'events', epoch: 'e1', head: Math.max(0, ...seqs), events: evented(seqs, changes), ...frame };
}

function patterns(id: string, seqs: number[], { done, head, ...changes }: Changes) {
  return { ...replay(id, head as number, [], done as boolean), events: evented(seqs, changes) };
}

describe('live events', () => {
  it('become rows and are news', () => {
    const h = FeedHarness.live();
    h.deliver(live([101, 102]), live([103]));
    expect(h.shown).toEqual([103, 102, 101]);
    expect(h.news).toEqual([
      { seqs: [101, 102], isLive: true },
      { seqs: [103], isLive: true },
    ]);
    expect(h.feed.lastEventAtMs).toBe(h.runtime.now());
  });

  it('that no subscription wants any more are left out', () => {
    const h = FeedHarness.live({ symbols: ['AAPL'] });
    h.deliver(live([101], { symbol: 'NVDA' }));
    expect(h.shown).toEqual([]);
    expect(h.news).toEqual([{ seqs: [], isLive: true }]);
  });

  it('of other kinds are no rows', () => {
    const h = FeedHarness.live({ kinds: [] });
    h.deliver({ ...live([]), events: [{ ...pattern(101), kind: 'outcome' }] });
    expect(h.shown).toEqual([]);
  });
});

describe('subscriptions', () => {
  it('become exactly those that are wanted: added, replaced, taken back', () => {
    const h = new FeedHarness();
    h.greet();
    h.feed.subscribe([
      { id: 'a', filter: {} },
      { id: 'b', filter: { symbols: ['AAPL'] } },
    ]);
    h.deliver(subscribed('a'), subscribed('b'));
    h.feed.subscribe([{ id: 'b', filter: { symbols: ['NVDA'] } }]);
    expect(h.socket.messages).toEqual([
      { type: 'subscribe', id: 'a', filter: {}, snapshot: SNAPSHOT },
      { type: 'subscribe', id: 'b', filter: { symbols: ['AAPL'] }, snapshot: SNAPSHOT },
      { type: 'unsubscribe', id: 'a' },
      { type: 'subscribe', id: 'b', filter: { symbols: ['NVDA'] }, snapshot: SNAPSHOT },
    ]);
    expect(h.restarts).toBe(2);
    expect(h.feed.subscriptions).toBe(1);
  });

  it('that mean the same as before change nothing', () => {
    const h = FeedHarness.live({ symbols: ['AAPL'] }, [100]);
    const sent = h.socket.messages.length;
    h.feed.subscribe([{ id: 's', filter: { symbols: [' aapl '], timeframes: [] } }]);
    expect(h.socket.messages.length).toBe(sent);
    expect(h.shown).toEqual([100]);
  });

  it('that are narrower take what they do not want out of the rows at once', () => {
    const h = FeedHarness.live({}, [98, 99]);
    h.deliver(live([101], { symbol: 'NVDA' }));
    h.feed.subscribe([{ id: 's', filter: { symbols: ['NVDA'] } }]);
    expect(h.shown).toEqual([101]);
  });

  it('show again what a restarted one sends again, as no news', () => {
    const h = FeedHarness.live({}, [99]);
    h.deliver(live([101]));
    h.feed.subscribe([{ id: 's', filter: { confidence_min: 0.1 } }]);
    h.deliver(subscribed('s', { position: { epoch: 'e1', seq: 101 } }));
    h.news.length = 0;
    h.deliver(patterns('s', [99, 101], { head: 101, done: true }));
    expect(h.shown).toEqual([101, 99]);
    expect(h.news).toEqual([]);
  });

  it('are taken back when it is closed, and nothing is heard any more', () => {
    const h = FeedHarness.live();
    h.feed.close();
    expect(h.socket.messages.at(-1)).toEqual({ type: 'unsubscribe', id: 's' });
    h.deliver(live([101]));
    expect(h.shown).toEqual([]);
  });
});

describe('a snapshot', () => {
  it('is no news', () => {
    const h = FeedHarness.live({}, [90, 95]);
    expect(h.shown).toEqual([95, 90]);
    expect(h.news).toEqual([]);
    expect(h.rows.news.count).toBe(0);
  });

  it('is shown also while rows are held', () => {
    const h = FeedHarness.live({}, [90]);
    h.rows.setFlow('held');
    h.feed.subscribe([{ id: 's', filter: { confidence_min: 0.2 } }]);
    h.deliver(subscribed('s'), patterns('s', [80, 90, 95], { head: 100, done: true }));
    expect(h.shown).toEqual([95, 90, 80]);
  });

  it('of several subscriptions leaves no part of which one would be missing', () => {
    const h = new FeedHarness();
    h.feed.subscribe([
      { id: 'rare', filter: { symbols: ['RARE'] } },
      { id: 'often', filter: { symbols: ['OFTEN'] } },
    ]);
    h.greet();
    const often = Array.from({ length: SNAPSHOT }, (_, i) => 300 + i);
    h.deliver(
      subscribed('rare'),
      subscribed('often'),
      patterns('rare', [7, 250, 350], { head: 399, done: true, symbol: 'RARE' }),
    );
    expect(h.feed.isSettled).toBe(false);
    h.deliver(
      patterns(
        'often',
        often.filter(seq => seq !== 350),
        { head: 399, done: false, symbol: 'OFTEN' },
      ),
    );
    h.deliver(patterns('often', [400], { head: 400, done: true, symbol: 'OFTEN' }));
    expect(h.feed.isSettled).toBe(true);
    expect(h.rows.oldest?.seq).toBe(300);
    expect(h.rows.held).toBe(SNAPSHOT + 1);
  });

  it('that did not come whole is asked for again', () => {
    const h = new FeedHarness();
    h.feed.subscribe([{ id: 's', filter: {} }]);
    h.greet();
    h.deliver(subscribed('s'), patterns('s', [90], { head: 100, done: false }));
    h.reconnect();
    h.deliver(subscribed('s', { recovered: true }), patterns('s', [101], { head: 101, done: true }));
    h.deliver(subscribed('s'), patterns('s', [80, 90, 101], { head: 101, done: true }));
    expect(h.shown).toEqual([101, 90, 80]);
    expect(h.feed.isSettled).toBe(true);
    expect(h.notes).toEqual([]);
  });
});

describe('after a lost connection', () => {
  it('what was missed comes in, is counted, and is told with its times', () => {
    const h = FeedHarness.live({}, [100]);
    h.socket.drop();
    expect(h.feed.lostAtMs).toBe(h.runtime.now());
    h.topic.retryNow();
    h.greet();
    expect(h.feed.lostAtMs).toBeNull();
    h.deliver(subscribed('s', { recovered: true }), patterns('s', [101, 103], { head: 103, done: false }));
    expect(h.feed.backfilled).toBe(2);
    h.deliver(patterns('s', [104], { head: 104, done: true }));
    expect(h.feed.backfilled).toBeNull();
    expect(h.shown).toEqual(['backfilled', 104, 103, 101, 100]);
    expect(h.notes).toEqual(['3 events of Nov 20 09:31 ET backfilled']);
    expect(h.news).toEqual([
      { seqs: [101, 103], isLive: false },
      { seqs: [104], isLive: false },
    ]);
  });

  it('in which nothing was missed nothing is told', () => {
    const h = FeedHarness.live();
    h.reconnect();
    h.deliver(subscribed('s', { recovered: true }), patterns('s', [], { head: 100, done: true }));
    expect(h.shown).toEqual([]);
    expect(h.feed.isSettled).toBe(true);
  });

  it('what is lost is told between what was there and the newest', () => {
    const h = FeedHarness.live({}, [100]);
    h.reconnect({ epoch: 'e2', head: 5 });
    h.deliver(subscribed('s', { recovered: false, position: { epoch: 'e2', seq: 5 } }));
    h.deliver({ ...patterns('s', [4, 5], { head: 5, done: true }), epoch: 'e2' });
    expect(h.shown).toEqual([5, 4, 'lost', 100]);
    expect(h.notes[0]).toContain('Not recoverable');
    expect(h.feed.epoch).toBe('e2');
  });
});

describe('what did not come', () => {
  it('is told where it would have stood, in one note for ten seconds', () => {
    const h = FeedHarness.live({}, [100]);
    const withheld = { from: 101, to: 103, rate_limited: 2, skipped: 1 };
    h.deliver(live([102], {}, { withheld, head: 103 }));
    h.runtime.advance(9_000);
    h.deliver(live([105], {}, { withheld: { from: 104, to: 104, rate_limited: 1, skipped: 0 }, head: 105 }));
    expect(h.shown).toEqual([105, 'withheld', 102, 100]);
    expect(h.notes[0]).toMatch(/^4 events not sent, .* \(3 over the rate limit, 1 because this page read slowly\)$/);
    expect(h.feed.withheldLately(h.runtime.now())).toEqual({
      rateLimited: 3,
      skipped: 1,
      sinceMs: h.runtime.now() - 9_000,
    });
  });

  it('begins another note after ten seconds, and is over ten seconds after the last', () => {
    const h = FeedHarness.live({}, [100]);
    const told = (to: number) => live([], {}, { withheld: { from: to, to, rate_limited: 1, skipped: 0 }, head: to });
    h.deliver(told(101));
    h.runtime.advance(8_000);
    h.deliver(told(102));
    h.runtime.advance(3_000);
    h.deliver(told(103));
    expect(h.shown).toEqual(['withheld', 'withheld', 100]);
    expect(h.feed.withheldLately(h.runtime.now())?.rateLimited).toBe(3);
    h.runtime.advance(10_001);
    expect(h.feed.withheldLately(h.runtime.now())).toBeNull();
    h.deliver(told(104));
    expect(h.feed.withheldLately(h.runtime.now())?.rateLimited).toBe(1);
  });

  it('is told in another note when the one before has left with rows that nobody wants any more', () => {
    const h = FeedHarness.live({}, [100]);
    const told = (to: number) => live([], {}, { withheld: { from: to, to, rate_limited: 1, skipped: 0 }, head: to });
    h.deliver(told(101));
    h.feed.subscribe([{ id: 's', filter: { symbols: ['NONE'] } }]);
    expect(h.shown).toEqual([]);
    h.deliver(told(102));
    expect(h.shown).toEqual(['withheld']);
    expect(h.notes[0]).toMatch(/^1 event not sent/);
  });

  it('because of a gap is told at the gap', () => {
    const h = FeedHarness.live({}, [99, 100]);
    h.deliver(gap(99), gap(99));
    expect(h.shown).toEqual([100, 'gap', 99]);
  });
});

describe('a refusal', () => {
  it('of a new filter leaves nothing in force', () => {
    const h = new FeedHarness();
    h.greet();
    h.feed.subscribe([{ id: 's', filter: {} }]);
    h.deliver(error('bad_filter', { id: 's', message: 'too long' }));
    expect(h.feed.refusal).toEqual({ id: 's', code: 'bad_filter', message: 'too long' });
    expect(h.feed.refusedSubscriptions).toBe(1);
    h.feed.subscribe([{ id: 's', filter: { symbols: ['AAPL'] } }]);
    expect(h.feed.refusal).toBeNull();
    expect(h.feed.refusedSubscriptions).toBe(0);
  });

  it('of a replacement brings back what stood before', () => {
    const h = FeedHarness.live({ symbols: ['AAPL'] }, [100]);
    h.feed.subscribe([{ id: 's', filter: { symbols: ['NVDA'] } }]);
    expect(h.shown).toEqual([]);
    h.answered = h.socket.messages.length;
    h.deliver(error('bad_filter', { id: 's' }));
    expect(h.feed.refusedSubscriptions).toBe(0);
    h.answer([100]);
    expect(h.shown).toEqual([100]);
    expect(h.socket.messages.at(-1)).toMatchObject({ filter: { symbols: ['AAPL'] }, snapshot: SNAPSHOT });
    expect(h.notes).toEqual([]);
    expect(h.feed.refusal).not.toBeNull();
  });

  it('without a name is told all the same', () => {
    const h = FeedHarness.live();
    h.deliver(error('bad_json'));
    expect(h.feed.refusal).toMatchObject({ id: null, code: 'bad_json' });
    expect(h.feed.refusedSubscriptions).toBe(0);
  });

  it('for haste is none: it is asked again', () => {
    const h = FeedHarness.live();
    h.deliver(error('rate_limited', { id: 's' }));
    expect(h.feed.refusal).toBeNull();
  });
});

describe('a heartbeat', () => {
  it('counts from when it came', () => {
    const h = FeedHarness.live();
    h.runtime.advance(15_000);
    h.deliver(heartbeat(100, { bridges: 2, bridge_at_ms: 1, server_at_ms: 1_015_000 }));
    expect(h.feed.heartbeatAtMs).toBe(h.runtime.now());
    expect(h.feed.bridges).toBe(2);
  });

  it('that a newcomer is told counts from when it was', () => {
    const h = FeedHarness.live();
    h.deliver(heartbeat(100, { bridge_at_ms: 990_000, server_at_ms: 1_000_000 }));
    expect(h.feed.heartbeatAtMs).toBe(h.runtime.now() - 10_000);
    h.deliver(heartbeat(100, { bridge_at_ms: 980_000, server_at_ms: 1_000_000 }));
    expect(h.feed.heartbeatAtMs).toBe(h.runtime.now() - 10_000);
  });
});

describe('the tape', () => {
  it('is known to hold something from the greeting, an event, or a heartbeat', () => {
    const empty = { head: 0, oldest: 1 };
    const h = new FeedHarness();
    h.greet(empty);
    expect(h.feed.hasTape).toBe(false);
    h.deliver(heartbeat(0));
    expect(h.feed.hasTape).toBe(false);
    h.deliver(heartbeat(1));
    expect(h.feed.hasTape).toBe(true);

    const other = new FeedHarness();
    other.greet(empty);
    other.feed.subscribe([{ id: 's', filter: {} }]);
    other.deliver(subscribed('s'), live([1]));
    expect(other.feed.hasTape).toBe(true);
    expect(FeedHarness.live().feed.hasTape).toBe(true);
  });

  it('dates what was stored by when it was stored', () => {
    const h = FeedHarness.live();
    h.deliver(heartbeat(100));
    h.deliver(live([101], { hops: { bridge_at_ms: 1, edge_at_ms: 2, hub_at_ms: 3 } }));
    const other = FeedHarness.live({}, [90]);
    expect(h.feed.lastEventAtMs).toBe(h.runtime.now());
    expect(other.feed.lastEventAtMs).toBe(3);
  });
});

describe('a feed', () => {
  it('on a topic that is open knows it, and how old the data is', () => {
    const h = new FeedHarness(true);
    expect(h.topic.state.name).toBe('open');
    expect(h.feed.lostAtMs).toBeNull();
    expect(h.feed.openedAtMs).toBe(h.runtime.now());
    expect(h.feed.epoch).toBe('e1');
    expect(h.feed.hasTape).toBe(true);
    expect(h.feed.heartbeatAtMs).toBe(h.runtime.now() - 9_000);
    expect(h.feed.bridges).toBe(1);
    // Whoever made it does not have it yet.
    expect(h.changes).toEqual([]);
  });

  it('puts its own notices above everything that has come', () => {
    const h = FeedHarness.live({}, [100]);
    h.feed.notice('grouped');
    h.deliver(live([101]));
    expect(h.shown).toEqual([101, 'notice', 100]);
    const fresh = new FeedHarness();
    fresh.feed.notice('grouped');
    expect(fresh.shown).toEqual(['notice']);
  });

  it('tells a change of state at once', () => {
    const h = FeedHarness.live();
    h.changes = [];
    h.socket.drop();
    expect(h.changes).toContain(true);
  });
});
