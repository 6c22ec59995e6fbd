import { describe, expect, test } from 'vitest';
import { CHANNELS } from '../../../shared/channels.ts';
import { flat, PATTERNS, RECEIVED_AT_MS, read, readEvent, readPattern, reasonOf } from './support.ts';

const OUTCOMES = 'tickstock.events.patterns.outcomes';
const STARTED = 'tickstock:streaming:session_started';
const STREAM_HEALTH = 'tickstock:streaming:health';
const HEALTH = 'tickstock.health.status';
const CRITICAL = 'tickstock:alerts:critical';

describe('what a message is', () => {
  test.each(Object.entries(CHANNELS).filter(([, { kind }]) => !['pattern', 'outcome'].includes(kind)))(
    'a message without a word on %s is of the kind of the channel',
    (channel, { kind }) => {
      const [outcome] = read({ value: 1, job_id: 'j' }, channel);
      expect(outcome && 'event' in outcome ? outcome.event.kind : outcome).toEqual(
        outcome && 'event' in outcome ? kind : { notRouted: kind },
      );
    },
  );

  test.each([
    [{ event_type: 'tick_data', ticker: 'AAPL', price: 1 }, 'market_tick'],
    [{ type: 'streaming_indicator', calculation: { symbol: 'A' } }, 'indicator'],
    [{ type: 'indicator_alert', alert: { symbol: 'A' } }, 'indicator_alert'],
    [{ event_type: 'something_new', value: 1 }, 'something_new'],
    [{ event_type: 'x'.repeat(500) }, 'x'.repeat(100)],
  ])('%j on a pattern channel is counted as %s', (message, kind) => {
    expect(read(message)).toEqual([{ notRouted: kind }]);
  });

  test('an unknown word does not hide a pattern, nor what was meant as one', () => {
    expect(readPattern({ ...flat(), type: 'bullish', event_type: 'v2_pattern' }).pattern_type).toBe('Doji');
    expect(readPattern({ event_type: 'x', data: { data: flat() } }).pattern_type).toBe('Doji');
    expect(reasonOf({ event_type: 'v2_pattern', patternName: 'Doji', symbol: 'A', confidence: 1 })).toBe(
      'missing_pattern',
    );
  });

  test('a whole pattern on a pattern channel is one under the word of a kind that goes nowhere', () => {
    expect(readPattern({ ...flat(), type: 'indicator' }).pattern_type).toBe('Doji');
    expect(read({ ...flat(), type: 'indicator' }, 'tickstock.events.indicators')).toEqual([{ notRouted: 'indicator' }]);
  });

  test('a word of a kind that is carried wins over the channel', () => {
    expect(readEvent({ event_type: 'system_health', status: 'healthy' }).kind).toBe('system_health');
    expect(readEvent({ event_type: 'x', data: { event_type: 'system_health', status: 'ok' } }).kind).toBe(
      'system_health',
    );
  });

  test('an unknown word on a channel that is carried is read when it has fields of that kind', () => {
    expect(readEvent({ type: 'beat', status: 'healthy' }, HEALTH).kind).toBe('system_health');
    expect(read({ type: 'beat', value: 1 }, HEALTH)).toEqual([{ notRouted: 'beat' }]);
  });

  test('words are no names of built-in properties', () => {
    expect(read({ type: 'constructor' })).toEqual([{ notRouted: 'constructor' }]);
    expect(read({ a: 1 }, 'constructor')).toEqual([{ notRouted: 'unknown' }]);
  });

  test('on channels that go nowhere anything but an object is counted too', () => {
    expect(read('[1,2]', 'tickstock.all_ticks')).toEqual([{ notRouted: 'market_tick' }]);
    expect(reasonOf('[1,2]', HEALTH)).toBe('bad_shape');
    expect(reasonOf('[1,2]', 'not.in.the.table')).toBe('bad_shape');
    expect(reasonOf('nonsense', 'tickstock:errors')).toBe('bad_json');
  });

  test('a probe is counted as one on any channel', () => {
    expect(read({ test: 'permission_check' }, HEALTH)).toEqual([{ probe: true }]);
    expect(reasonOf({ test: 'x', other: 1 }, PATTERNS)).toBe('missing_pattern');
  });
});

describe('outcomes', () => {
  const sent = {
    detection_id: 17,
    pattern_id: 1,
    pattern_name: 'WeeklyBO',
    symbol: 'aapl',
    detection_timestamp: '2025-09-05T14:29:45Z',
    outcome_1d: 0.8,
    outcome_5d: null,
    success_1d: true,
    success_5d: 'yes',
    outcome_calculated_at: '2025-09-06T14:29:45Z',
  };

  test('are read whole', () => {
    expect(readEvent(sent, OUTCOMES)).toMatchObject({
      kind: 'outcome',
      pattern_type: 'WeeklyBO',
      symbol: 'AAPL',
      detection_id: '17',
      producer_id: '17',
      detection_at: '2025-09-05T14:29:45.000Z',
      detected_at: '2025-09-06T14:29:45.000Z',
      time_origin: 'zoned',
      outcome_1d: 0.8,
      outcome_5d: null,
      outcome_30d: null,
      success_1d: true,
      success_5d: null,
      success_30d: null,
      data: { detection_id: 17, pattern_id: 1, symbol: 'aapl', outcome_5d: null, success_5d: 'yes' },
    });
  });

  test('are read from a wrapper and by their word', () => {
    const event = readEvent({
      event_type: 'pattern_outcome',
      timestamp: 1757169000,
      data: { ...sent, outcome_calculated_at: undefined },
    });
    expect(event).toMatchObject({ kind: 'outcome', detected_at: '2025-09-06T14:30:00.000Z' });
  });

  test('differ by any value, and by when they were calculated', () => {
    const id = (changes: object) => readEvent({ ...sent, ...changes }, OUTCOMES).id;
    const ids = [
      {},
      { outcome_5d: 0.1 },
      { success_1d: false },
      { detection_id: 18 },
      { outcome_calculated_at: 1757169000 },
    ].map(id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(id({ note: 1 })).toBe(id({}));
    const untimed = readEvent({ ...sent, outcome_calculated_at: undefined, detection_timestamp: undefined }, OUTCOMES);
    expect(untimed).toMatchObject({ time_origin: 'received', detection_at: null });
  });

  test('need a name and a symbol', () => {
    expect(reasonOf({ ...sent, pattern_name: undefined }, OUTCOMES)).toBe('missing_pattern');
    expect(reasonOf({ ...sent, symbol: undefined }, OUTCOMES)).toBe('missing_symbol');
    expect(reasonOf({ data: null }, OUTCOMES)).toBe('bad_shape');
  });
});

describe('streaming sessions', () => {
  test.each([
    [
      {
        type: 'streaming_session_started',
        session: { session_id: 's', universe: 'sp500', started_at: 1757169000, symbol_count: 500 },
      },
      'wrapped',
    ],
    [
      {
        type: 'streaming_session_started',
        data: { session_id: 's', symbol_universe_key: 'sp500', start_time: 1757169000, symbol_count: 500 },
      },
      'nested',
    ],
    [{ session_id: 's', universe: 'sp500', timestamp: 1757169000, symbol_count: 500 }, 'flat'],
  ])('%j', (message, shape) => {
    const event = readEvent(message, STARTED);
    expect(event).toMatchObject({
      kind: 'streaming_session',
      state: 'started',
      session_id: 's',
      universe: 'sp500',
      symbol_count: 500,
      detected_at: '2025-09-06T14:30:00.000Z',
      shape,
    });
    expect(Object.keys(event.data).filter(key => key !== 'type')).toEqual([]);
  });

  test('stopped when the word says so, at the time it stopped', () => {
    const message = {
      type: 'streaming_session_stopped',
      session: { session_id: 's', started_at: 1, stopped_at: 1757169000 },
    };
    expect(readEvent(message, STARTED)).toMatchObject({ state: 'stopped', detected_at: '2025-09-06T14:30:00.000Z' });
  });

  test('told by their status elsewhere, else rejected', () => {
    const message = { type: 'streaming_session', session_id: 's' };
    expect(readEvent({ ...message, status: 'Active' }, HEALTH)).toMatchObject({ state: 'started' });
    expect(readEvent({ ...message, status: 'completed' }, HEALTH)).toMatchObject({ state: 'stopped' });
    expect(reasonOf(message, HEALTH)).toBe('bad_shape');
    expect(reasonOf({ session: 'x' }, STARTED)).toBe('bad_shape');
  });
});

describe('health and alerts', () => {
  test.each([
    [{ type: 'streaming_health', health: { session_id: 's', status: 'healthy', timestamp: 1757169000 } }, 'healthy'],
    [{ session_id: 's', status: 'degraded', connection: {}, data_flow: {}, timestamp: 1757169000 }, 'degraded'],
    [{ session_id: 's', health_status: 'ok', metrics: { a: 1 }, timestamp: 1757169000 }, 'ok'],
  ])('streaming health %j', (message, status) => {
    expect(readEvent(message, STREAM_HEALTH)).toMatchObject({
      kind: 'streaming_health',
      session_id: 's',
      status,
      detected_at: '2025-09-06T14:30:00.000Z',
    });
  });

  test('system health keeps its metrics', () => {
    const metrics = { cpu_usage: 12.5, queue_depth: 0 };
    expect(readEvent({ event_type: 'system_health', source: 'PL', status: 'healthy', metrics }, HEALTH)).toMatchObject({
      kind: 'system_health',
      status: 'healthy',
      source: 'PL',
      time_origin: 'received',
      data: { event_type: 'system_health', metrics },
      hops: { bridge_at_ms: RECEIVED_AT_MS },
    });
  });

  test.each([
    {
      type: 'critical_alert',
      alert: { severity: 'info', message: 'restored', component: 'db', action_required: false },
    },
    { severity: 'info', message: 'restored', component: 'db', action_required: false },
  ])('critical alert %j', message => {
    const event = readEvent(message, CRITICAL);
    expect(event).toMatchObject({
      kind: 'critical_alert',
      priority: 'critical',
      severity: 'info',
      message: 'restored',
      component: 'db',
    });
    expect(event.data).toHaveProperty('action_required', false);
  });

  test('the same report is the same event, another time or content another', () => {
    const id = (message: object) => readEvent(message, HEALTH).id;
    expect(id({ status: 'a', timestamp: 1757169000, b: 1 })).toBe(id({ b: 1, timestamp: 1757169000, status: 'a' }));
    expect(id({ status: 'a', timestamp: 1757169000 })).not.toBe(id({ status: 'a', timestamp: 1757169001 }));
    expect(id({ status: 'a', timestamp: 1757169000 })).not.toBe(id({ status: 'b', timestamp: 1757169000 }));
  });
});
