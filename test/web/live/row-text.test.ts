import { describe, expect, it } from 'vitest';
import type { PatternEntry } from '../../../web/live/entry.ts';
import { rowText, rowTitle, showsAge, timeWords } from '../../../web/live/row-text.ts';
import { pattern } from './support.ts';

const AT_MS = Date.parse('2026-11-20T19:36:15.200Z');
const context = {
  nowMs: AT_MS + 4_000,
  clock: 'exchange',
  isStale: false,
  isStarred: false,
  isRelated: false,
} as const;
const nextDay = { ...context, nowMs: AT_MS + 86_400_000 };

function entry(event: Record<string, unknown> = {}, changes: Partial<PatternEntry> = {}): PatternEntry {
  const detected_at = new Date(AT_MS).toISOString();
  return {
    type: 'pattern',
    key: 'k',
    epoch: 'e1',
    event: pattern(7, { detected_at, ...event }),
    count: 1,
    change: 0,
    firstAtMs: AT_MS,
    detectedAtMs: AT_MS,
    ...changes,
  };
}

const combo = {
  tier: 'combo',
  timeframe: null,
  daily_context: { event_id: 'd', detected_at: '2026-11-19T21:30:00Z' },
  intraday_trigger: { event_id: 'i', detected_at: '2026-11-20T19:34:00Z' },
};

describe('a row', () => {
  it('says in short what may be too long for it, and in full in its label', () => {
    const many = rowText(entry({ timeframe: 'every full moon' }, { count: 2_345 }), context);
    expect(many).toMatchObject({ timeframe: 'every f…', count: '×2k' });
    expect(many.label).toContain('every full moon');
    expect(many.label).toContain('fired 2345 times');
    expect(rowText(entry({}, { count: 999 }), context).count).toBe('×999');
  });

  it('says what was sent, part by part', () => {
    const event = { pattern_type: 'VWAP_Break', symbol: 'NVDA', direction: 'bullish', confidence: 0.874, price: 182.1 };
    expect(
      rowText(
        entry({ tier: 'intraday', timeframe: '5min', ...event }, { count: 3, change: 40, firstAtMs: AT_MS - 375_200 }),
        context,
      ),
    ).toEqual({
      direction: 'up',
      glyph: '▲',
      symbol: 'NVDA',
      name: 'VWAP Break',
      timeframe: '5m',
      confidence: '87 (+4)',
      bars: '▮▮▮▮▯',
      count: '×3',
      price: '182.10',
      time: '14:36:15 · 4 s',
      marks: '',
      isTimeInDoubt: false,
      label:
        'NVDA VWAP Break, up, 5m, confidence 87, +4 since the firing before, fired 3 times, first seen 14:30:00, price 182.10, 14:36:15 · 4 s',
    });
  });

  it('shows what was not sent as absent, and invents nothing', () => {
    const text = rowText(entry({ direction: null, timeframe: null, price: null, levels: null }), context);
    expect(text).toMatchObject({ glyph: '–', timeframe: '–', price: '–', count: '', marks: '', confidence: '75' });
    expect(text.label).toBe('AAPL Breakout BO, confidence 75, Nov 20 market');
  });

  it('shows a level where no price was sent', () => {
    const priceOf = (levels: unknown) => rowText(entry({ price: null, levels }), context).price;
    expect(priceOf([150.25, 152])).toBe('L 150.25');
    expect(priceOf([{ type: 'support', value: 180.5 }])).toBe('L 180.50');
    expect(priceOf([null, 'x', {}, { price: 9 }])).toBe('L 9.00');
    expect(priceOf([])).toBe('–');
    expect(rowText(entry({ price: null, levels: [1] }), context).label).toContain('level 1.00');
  });

  it('says what a combo was built on, which tier is related, and what is starred', () => {
    const text = rowText(entry(combo), { ...context, isStarred: true, isRelated: true });
    expect(text.marks).toBe('C DI ★');
    expect(text.label).toContain('built on a daily and an intraday pattern, related to the selection, starred');
    expect(rowText(entry({ ...combo, daily_context: null }), context).marks).toBe('I');
  });

  it('marks what is to be known before it is trusted', () => {
    const event = { source: 'TickStock Simulator', tier_origin: 'default', time_origin: 'naive' };
    const text = rowText(entry(event), context);
    expect(text.marks).toBe('sim tz? tier?');
    expect(text.isTimeInDoubt).toBe(true);
    expect(text.label).toContain('not from the market: source is TickStock Simulator');
    const received = rowText(entry({ time_origin: 'received' }), context);
    expect([received.marks, received.isTimeInDoubt]).toEqual(['rcv', true]);
    expect(rowText(entry({ tier_origin: 'default' }), context).isTimeInDoubt).toBe(false);
  });
});

describe('the title of a row', () => {
  it('says what a row has no room for', () => {
    const event = { ...combo, symbol: 'A'.repeat(20), source: 'fallback_detector' };
    expect(rowTitle(entry(event, { count: 2, firstAtMs: AT_MS - 86_400_000 }), context).split('\n')).toEqual([
      `${'A'.repeat(20)} Breakout BO`,
      'fired 2 times, first seen Nov 19 14:36',
      'built on a daily and an intraday pattern',
      'not from the market: source is fallback_detector',
    ]);
    expect(rowTitle(entry(), context)).toBe('AAPL Breakout BO');
  });
});

describe('the time of a row', () => {
  it.each([
    ['daily', { tier: 'daily', market_session: 'post_market' }, context, 'Nov 20 post-mkt'],
    ['daily before the open', { tier: 'daily', market_session: 'pre_market' }, context, 'Nov 20 pre-mkt'],
    ['daily while closed', { tier: 'daily', market_session: 'closed' }, nextDay, 'Nov 20 closed'],
    ['daily of an unheard-of session', { tier: 'daily', market_session: 'lunch' }, context, 'Nov 20'],
    ['daily, stale', { tier: 'daily' }, { ...context, isStale: true }, 'Nov 20 · 4 s'],
    ['intraday', { tier: 'intraday' }, context, '14:36:15 · 4 s'],
    ['intraday of another day', { tier: 'intraday' }, nextDay, 'Nov 20 14:36'],
    ['combo', combo, context, '14:34 ← Nov 19'],
    ['combo of another day', combo, nextDay, 'Nov 20 14:34 ← Nov 19'],
    ['combo, stale', combo, { ...context, isStale: true }, '14:34 · 4 s'],
    ['combo of another day, stale', combo, { ...nextDay, isStale: true }, 'Nov 20 14:34 ← Nov 19'],
    ['combo that does not say when', { tier: 'combo', daily_context: { pattern: 'Flag' } }, context, '14:36'],
  ])('%s', (_, event, given, words) => {
    expect(timeWords(entry(event), given)).toBe(words);
  });

  it('changes by itself where it tells an age', () => {
    expect([showsAge(entry({ tier: 'intraday' }), false), showsAge(entry(), false), showsAge(entry(), true)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
