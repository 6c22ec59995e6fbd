import { describe, expect, it } from 'vitest';
import { eventSchema, ingestEventSchema, priorityOf, topicsOf } from '../../shared/events.ts';
import { ingestPattern, otherEvent, patternEvent } from './samples.ts';

const alert = { priority: 'critical', severity: 'info', message: 'restored', component: null };
const outcome = {
  pattern_type: 'WeeklyBO',
  symbol: 'AAPL',
  detection_id: '7',
  detection_at: null,
  outcome_1d: 0.8,
  outcome_5d: null,
  outcome_30d: null,
  success_1d: true,
  success_5d: null,
  success_30d: null,
};
const OTHERS = [
  otherEvent('outcome', outcome),
  otherEvent('streaming_session', { session_id: 's', state: 'started', universe: null, symbol_count: 500 }),
  otherEvent('streaming_health', { session_id: null, status: 'ok' }),
  otherEvent('system_health', { status: 'healthy' }),
  otherEvent('critical_alert', alert),
];

describe('an event', () => {
  it.each([patternEvent(), ...OTHERS])('of kind $kind is read as it is', event => {
    expect(eventSchema.parse(event)).toEqual(event);
  });

  it('keeps what the producer sent by reference, with fields this version does not know', () => {
    const data = { b: 1, a: { __proto__: null, deep: [1] } };
    const read = eventSchema.parse({ ...patternEvent(), data, added_later: 'kept' });
    expect(read.data).toBe(data);
    expect(read).toHaveProperty('added_later', 'kept');
  });

  it('is real time exactly when it is intraday', () => {
    const cases = ['daily', 'intraday', 'combo'].flatMap(tier =>
      [true, false].map(real_time => [
        tier,
        real_time,
        eventSchema.safeParse(patternEvent({ tier, real_time })).success,
      ]),
    );
    expect(cases.filter(([, , accepted]) => accepted)).toEqual([
      ['daily', false, true],
      ['intraday', true, true],
      ['combo', false, true],
    ]);
  });

  it.each([
    ['an unknown kind', { kind: 'market_tick' }],
    ['an unknown tier', { tier: 'weekly' }],
    ['another version', { v: 2 }],
    ['no position', { seq: 0 }],
    ['a confidence over 1', { confidence: 1.2 }],
    ['no confidence', { confidence: null }],
    ['an empty symbol', { symbol: '' }],
    ['a symbol of 21 characters', { symbol: 'A'.repeat(21) }],
    ['a pattern type of 101 characters', { pattern_type: 'p'.repeat(101) }],
    ['a time without milliseconds', { detected_at: '2026-11-20T14:30:00Z' }],
    ['a time in another zone', { detected_at: '2026-11-20T14:30:00.123+01:00' }],
    ['data that is a list', { data: [] }],
    ['data that is null', { data: null }],
    ['a missing hop', { hops: { bridge_at_ms: 1 } }],
  ])('is refused with %s', (_, changes) => {
    expect(eventSchema.safeParse(patternEvent(changes)).success).toBe(false);
  });
});

describe('an event from the bridge', () => {
  it('has no position yet, and a market session only when the producer sent one', () => {
    expect(ingestEventSchema.safeParse(ingestPattern()).success).toBe(true);
    expect(ingestEventSchema.safeParse(ingestPattern({ market_session: 'closed' })).success).toBe(true);
    expect(ingestEventSchema.safeParse(ingestPattern({ market_session: 'lunch' })).success).toBe(false);
  });

  it('belongs to the hub of its tier when it is a pattern', () => {
    expect(topicsOf(ingestPattern({ tier: 'combo' }))).toEqual(['combo']);
  });

  it('belongs to all tiers when it is an outcome', () => {
    expect(topicsOf(ingestPattern({ kind: 'outcome' }))).toEqual(['daily', 'intraday', 'combo']);
  });

  it.each(['streaming_session', 'streaming_health', 'system_health', 'critical_alert'])(
    'belongs to system: %s',
    kind => {
      expect(topicsOf(ingestPattern({ kind }))).toEqual(['system']);
    },
  );
});

it('takes the urgency of an event from the event where it has one', () => {
  expect(priorityOf(patternEvent({ priority: 'low' }))).toBe('low');
  expect(priorityOf(otherEvent('critical_alert', alert))).toBe('critical');
  expect(priorityOf(otherEvent('system_health', { status: null }))).toBe('medium');
});
