import { describe, expect, it } from 'vitest';
import { Feed } from '../../../web/live/feed.ts';
import { type FactSources, makeFacts, stateOf } from '../../../web/live/make-facts.ts';
import { News } from '../../../web/live/news.ts';
import { Older } from '../../../web/live/older.ts';
import { Rows } from '../../../web/live/rows.ts';
import { exchangeCalendar } from '../../../workers/core/exchange-calendar.ts';
import { subscribed } from '../client/frames.ts';
import { TopicHarness } from '../client/topic-harness.ts';
import { EPOCH, pattern } from './support.ts';

/** A column's parts on a topic that is open, with rows of these confidences. */
function sourcesOf(confidences: number[], changes: Partial<FactSources> = {}): FactSources {
  const h = new TopicHarness();
  const rows = new Rows({ tier: 'daily', capacity: 10, isInView: () => false });
  rows.setView('stream');
  const now = () => h.runtime.now();
  const onChange = () => undefined;
  const feed = new Feed({
    tier: 'daily',
    topic: h.topic,
    rows,
    clock: () => 'exchange',
    now,
    onNews: onChange,
    onRestart: onChange,
    onChange,
  });
  feed.subscribe([{ id: 's', filter: {} }]);
  h.greet();
  h.deliver(subscribed('s'), { type: 'events', epoch: 'e1', head: 1, events: [], replay: true, id: 's', done: true });
  for (const [i, confidence] of confidences.entries()) {
    rows.add(EPOCH, pattern(i + 1, { confidence, symbol: `S${i}` }), { isNews: true });
  }
  const load = () => Promise.resolve({ events: [], nextBeforeSeq: null });
  return {
    tier: 'daily',
    topic: h.topic,
    rows,
    feed,
    older: new Older({ rows, load, wants: () => true, epoch: () => EPOCH, now, onChange }),
    news: new News({ tier: 'daily', title: 'Daily', say: onChange }),
    market: { calendar: null, isStreaming: false },
    isOnline: true,
    visibleSinceMs: 0,
    holdReason: null,
    autoGrouped: false,
    relates: null,
    topInView: 0,
    nowMs: h.runtime.now(),
    ...changes,
  };
}

describe('facts', () => {
  it('count rows and events, and tell the median confidence of what is shown', () => {
    const sources = sourcesOf([0.7, 0.9, 0.6, 0.8]);
    sources.rows.setTail({ type: 'note', key: 'tail', note: 'tape_end', words: '', atMs: 0 });
    expect(makeFacts(sources)).toMatchObject({
      shown: 4,
      held: 4,
      medianConfidence: 0.7,
      hidden: { local: 0, muted: 0 },
    });
    sources.rows.setHider(({ confidence }) => (confidence < 0.75 ? 'local' : ''));
    expect(makeFacts(sources)).toMatchObject({
      shown: 2,
      held: 4,
      medianConfidence: 0.8,
      hidden: { local: 2, muted: 0 },
    });
    expect(makeFacts(sourcesOf([0.61, 0.7, 0.9])).medianConfidence).toBe(0.7);
    expect(makeFacts(sourcesOf([])).medianConfidence).toBeNull();
  });

  it('tell what holds only while it does', () => {
    const sources = sourcesOf([0.7], { holdReason: 'scroll' });
    expect(makeFacts(sources)).toMatchObject({ hold: 'following', holdReason: null });
    sources.rows.setFlow('held');
    expect(makeFacts(sources)).toMatchObject({ hold: 'held', holdReason: 'scroll', newWhileHeld: { count: 0 } });
  });

  it('count what is related, and how much of it is above what can be seen', () => {
    const sources = sourcesOf([0.6, 0.7, 0.8, 0.9], { relates: ({ confidence }) => confidence !== 0.7 });
    expect(makeFacts({ ...sources, topInView: 1 }).related).toEqual({ count: 3, above: 2 });
    expect(makeFacts({ ...sources, relates: null }).related).toBeNull();
  });

  it('know simulated events, also when they are hidden', () => {
    const sources = sourcesOf([0.7]);
    expect(makeFacts(sources).isSimulated).toBe(false);
    sources.rows.setHider(() => 'muted');
    sources.rows.add(EPOCH, pattern(9, { source: 'simulator' }), { isNews: true });
    expect(makeFacts(sources).isSimulated).toBe(true);
  });

  it('tell the state that the parts make', () => {
    const sources = sourcesOf([]);
    expect(stateOf(sources).name).toBe('empty');
    const calendar = exchangeCalendar(Date.parse('2026-11-20T12:00:00Z'));
    const market = { calendar, isStreaming: false };
    const nowMs = Date.parse('2026-11-21T12:00:00Z');
    const closed = sourcesOf([0.7], { market, nowMs });
    closed.feed.lastEventAtMs = nowMs - 3_600_000;
    expect(makeFacts(closed).state).toMatchObject({ name: 'closed_market' });
    expect(makeFacts(closed)).toMatchObject({ epoch: 'e1', topic: { name: 'open' }, backfill: null, refusal: null });
  });
});
