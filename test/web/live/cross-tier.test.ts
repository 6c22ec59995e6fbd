import { describe, expect, it } from 'vitest';
import { partOf, relates } from '../../../web/live/cross-tier.ts';
import { SHAPES } from '../../simulator/pattern-shapes.ts';
import { pattern } from './support.ts';

const TODAY = '2026-11-20T15:00:00.000Z';
const base = { symbol: 'NVDA', detected_at: TODAY };
let made = 0;
const event = (changes: Record<string, unknown>) => pattern(++made, { ...base, ...changes });

const daily = event({ tier: 'daily', producer_id: 'd-1', detected_at: '2026-11-19T21:30:00.000Z' });
const intraday = event({ tier: 'intraday', producer_id: 'i-1' });
const combo = event({ tier: 'combo', daily_context: { event_id: 'd-1' }, intraday_trigger: { event_id: 'i-1' } });
const vague = event({ tier: 'combo', daily_context: { pattern: 'Bull_Flag' }, intraday_trigger: null });

describe('patterns are related', () => {
  it('when a combo names them, whichever of the two was selected', () => {
    for (const part of [daily, intraday]) {
      expect(relates(combo, part)).toBe(true);
      expect(relates(part, combo)).toBe(true);
    }
  });

  it('also by the id of the event itself', () => {
    expect(relates(event({ tier: 'combo', daily_context: { id: daily.id } }), daily)).toBe(true);
  });

  it('not when a combo names another, although it is the same symbol', () => {
    expect(relates(combo, event({ tier: 'daily', producer_id: 'd-2' }))).toBe(false);
    expect(relates(event({ tier: 'intraday', producer_id: null }), combo)).toBe(false);
  });

  it('by symbol and session where nothing is named', () => {
    expect(relates(vague, daily)).toBe(true);
    expect(relates(intraday, vague)).toBe(true);
    expect(relates(intraday, event({ tier: 'intraday' }))).toBe(true);
    expect(relates(combo, vague)).toBe(true);
    expect(relates(intraday, event({ tier: 'intraday', symbol: 'AAPL' }))).toBe(false);
    expect(relates(intraday, event({ tier: 'intraday', detected_at: '2026-11-19T15:00:00.000Z' }))).toBe(false);
  });

  it('when a daily pattern was the evening before, also over a weekend', () => {
    const friday = event({ tier: 'daily', detected_at: '2026-11-20T21:30:00.000Z' });
    expect(relates(friday, event({ tier: 'intraday', detected_at: '2026-11-23T15:00:00.000Z' }))).toBe(true);
    expect(relates(friday, event({ tier: 'intraday', detected_at: '2026-11-24T15:00:00.000Z' }))).toBe(false);
    expect(relates(daily, event({ tier: 'intraday', detected_at: '2026-11-18T15:00:00.000Z' }))).toBe(false);
  });

  it('not to themselves', () => {
    expect(relates(daily, daily)).toBe(false);
  });
});

describe('what a combo was built on', () => {
  it('is read as the producer sends it', () => {
    const detection = (tier: 'daily' | 'intraday', at: string) => ({
      eventId: `${tier}-id`,
      tier,
      pattern: 'Bull_Flag',
      symbol: 'NVDA',
      confidence: 0.8,
      detectedMs: Date.parse(at),
      timeframe: null,
      direction: 'bullish' as const,
      price: 1,
      volume: 1,
      builtOn: null,
    });
    const sent = SHAPES.flat(
      {
        ...detection('daily', TODAY),
        tier: 'combo',
        builtOn: {
          daily: detection('daily', '2026-11-19T21:30:00Z'),
          intraday: detection('intraday', TODAY),
          correlation: 0.8,
        },
      },
      { publishedMs: 0, flowId: '', sessionId: '', newYorkTime: false, levels: [] },
    ) as Record<string, unknown>;
    expect(partOf(event({ tier: 'combo', ...sent }), 'daily')).toEqual({
      id: 'daily-id',
      symbol: 'NVDA',
      patternType: 'Bull_Flag',
      detectedAtMs: Date.parse('2026-11-19T21:30:00Z'),
    });
    expect(partOf(event({ tier: 'combo', ...sent }), 'intraday')?.id).toBe('intraday-id');
  });

  it.each([
    [1_795_000_000.5, 1_795_000_000_500],
    [1_795_000_000_500, 1_795_000_000_500],
    ['2026-11-19T21:30:00', Date.parse('2026-11-19T21:30:00Z')],
    ['2026-11-19T16:30:00-05:00', Date.parse('2026-11-19T21:30:00Z')],
    ['yesterday', null],
    [Number.NaN, null],
    [null, null],
  ])('was detected at %s', (sent, atMs) => {
    expect(partOf(event({ tier: 'combo', daily_context: { timestamp: sent } }), 'daily')?.detectedAtMs).toBe(atMs);
  });

  it('may be said by a few words only, or not at all', () => {
    expect(partOf(vague, 'daily')).toEqual({ id: null, symbol: null, patternType: 'Bull_Flag', detectedAtMs: null });
    expect(partOf(vague, 'intraday')).toBeNull();
    expect(partOf(event({ tier: 'combo', daily_context: { ticker: 'nvda', id: 7 } }), 'daily')).toMatchObject({
      symbol: 'NVDA',
      id: null,
    });
  });
});
