import { describe, expect, it } from 'vitest';
import { journeysOf, News } from '../../../web/live/news.ts';
import { Rows } from '../../../web/live/rows.ts';
import { EPOCH, OPEN_MS, pattern } from './support.ts';

function newsOf() {
  const waiting = new Map<string, () => string>();
  const news = new News({
    tier: 'intraday',
    title: 'Intraday',
    say: (subject, sentence) => waiting.set(subject, sentence),
  });
  const take = (seq: number, nowMs: number, changes: Record<string, unknown> = {}) =>
    news.take([{ key: `k${seq}`, event: pattern(seq, changes) }], nowMs);
  return { news, take, said: () => waiting.get('intraday')!() };
}

describe('news', () => {
  it('is said with the strongest of all that came since it was said last', () => {
    const { take, said } = newsOf();
    take(1, 0, { symbol: 'AAPL', confidence: 0.7 });
    take(2, 0, { symbol: 'NVDA', pattern_type: 'VWAP_Break', confidence: 0.929 });
    take(3, 0, { symbol: 'TSLA', confidence: 0.8 });
    expect(said()).toBe('Intraday 3 new; NVDA VWAP Break 92');
    expect(said()).toBe('');
  });

  it('glows, unless too much comes at once', () => {
    const { news, take } = newsOf();
    take(1, OPEN_MS);
    expect(news.glow.take('k1')).toBe(true);
    for (let seq = 2; seq <= 12; seq++) take(seq, OPEN_MS);
    expect(news.glow.take('k12')).toBe(false);
  });

  it('is counted by minute and second', () => {
    const { news, take } = newsOf();
    for (let i = 0; i < 10; i++) take(i + 1, OPEN_MS + i * 1_000);
    expect(news.perMinute(OPEN_MS + 9_500)).toBe(10);
    expect(news.perSecond(OPEN_MS + 9_500)).toBe(6 / 5);
  });

  it('is a flood after three seconds of more than eight rows', () => {
    const { news, take } = newsOf();
    for (let second = 0; second < 3; second++)
      for (let i = 0; i < 9; i++) take(9 * second + i, OPEN_MS + second * 1_000);
    expect(news.isFlood(OPEN_MS + 2_900)).toBe(false);
    expect(news.isFlood(OPEN_MS + 3_000)).toBe(true);
  });
});

describe('the ways of events', () => {
  it('are told of those whose time can be trusted', () => {
    const rows = new Rows({ tier: 'daily', capacity: 9, isInView: () => false });
    const hops = { bridge_at_ms: 5, edge_at_ms: 6, hub_at_ms: 7 };
    const lines = ['zoned', 'naive', 'epoch', 'received'].map(
      (time_origin, i) => rows.add(EPOCH, pattern(i + 1, { time_origin, hops }), { isNews: true })!,
    );
    const offset = { offsetMs: 1, roundTripMs: 2 };
    expect(journeysOf(lines, 9, offset)).toEqual(
      [1, 3].map(seq => ({
        detectedAtMs: OPEN_MS + seq * 1_000,
        bridgeAtMs: 5,
        hubAtMs: 7,
        receivedAtMs: 9,
        offset,
      })),
    );
  });
});
