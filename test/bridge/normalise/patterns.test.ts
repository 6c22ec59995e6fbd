import { describe, expect, test } from 'vitest';
import { MAX_RAW_MESSAGE_BYTES } from '../../../shared/limits.ts';
import { flat, PATTERNS, read, readPattern, reasonOf } from './support.ts';

const STREAMING = 'tickstock:patterns:streaming';
const DETECTED = 'tickstock:patterns:detected';

describe('tier', () => {
  test.each([
    [{ tier: 'DAILY' }, 'daily', 'explicit', []],
    [{ tier: ' Intraday ' }, 'intraday', 'explicit', []],
    [{ tier: 'daily_intraday' }, 'combo', 'explicit', ['multi_timeframe']],
    [{ tier: 'hourly' }, 'intraday', 'timeframe', ['tier:hourly']],
    [{ tier: 'weekly', timeframe: '1min' }, 'daily', 'timeframe', ['tier:weekly']],
    [{ tier: 'monthly' }, 'daily', 'timeframe', ['tier:monthly']],
    [{ tier: 'test', timeframe: '5min' }, 'intraday', 'timeframe', ['tier:test']],
    [{ tier: 'unknown' }, 'daily', 'default', ['tier:unknown']],
    [{ tier: '' }, 'daily', 'default', []],
    [{ tier: 7 }, 'daily', 'default', []],
    [{ tier: undefined, timeframe: '1hour' }, 'intraday', 'timeframe', []],
    [{ tier: undefined, timeframe: '1h' }, 'intraday', 'timeframe', []],
    [{ tier: undefined, timeframe: '1m' }, 'intraday', 'timeframe', []],
    [{ tier: undefined, timeframe: '1M' }, 'daily', 'timeframe', []],
    [{ tier: undefined, timeframe: 'hourly' }, 'intraday', 'timeframe', []],
    [{ tier: undefined, timeframe: '1day' }, 'daily', 'timeframe', []],
    [{ tier: undefined, timeframe: '1week' }, 'daily', 'timeframe', []],
    [{ tier: undefined, timeframe: 'constructor' }, 'daily', 'default', []],
    [{ tier: undefined, timeframe: '?' }, 'daily', 'default', []],
    [{ tier: undefined, timeframe: 5 }, 'daily', 'default', []],
    [{ tier: undefined, source: 'intraday' }, 'intraday', 'explicit', []],
  ])('%j is %s, %s', (changes, tier, origin, tags) => {
    const event = readPattern(flat(changes));
    expect([event.tier, event.tier_origin]).toEqual([tier, origin]);
    expect(event.tags).toEqual(tags);
    expect(event.real_time).toBe(tier === 'intraday');
  });

  test('the tier nearest the body wins, and an unknown word there gives way to one further out', () => {
    const body = { pattern: 'Doji', symbol: 'AAPL', confidence: 0.5 };
    expect(readPattern({ tier: 'daily', data: { ...body, tier: 'combo' } }).tier).toBe('combo');
    expect(readPattern({ tier: 'combo', data: { ...body, tier: 'synthetic' } })).toMatchObject({
      tier: 'combo',
      tier_origin: 'explicit',
      tags: ['multi_timeframe', 'tier:synthetic'],
    });
  });

  test.each([
    [PATTERNS, 'daily'],
    ['tickstock.events.patterns.intraday', 'intraday'],
    ['tickstock.events.patterns.combo', 'combo'],
    [STREAMING, 'intraday'],
    [DETECTED, 'intraday'],
  ])('a pattern that says nothing on %s is %s', (channel, tier) => {
    expect(readPattern(flat({ tier: undefined }), channel)).toMatchObject({ tier, tier_origin: 'default' });
  });

  test('a pattern on a channel of another kind is one, and daily unless it says otherwise', () => {
    const message = { ...flat({ tier: undefined }), event_type: 'pattern_detected' };
    expect(readPattern(message, 'tickstock.health.status').tier).toBe('daily');
    expect(readPattern(message, 'not.in.the.table').tier).toBe('daily');
  });
});

describe('confidence', () => {
  test.each([
    [0, 0, 'low', false],
    [-0, 0, 'low', false],
    [0.5994, 0.599, 'low', false],
    [0.6, 0.6, 'medium', false],
    [0.8, 0.8, 'high', false],
    [0.8996, 0.9, 'critical', false],
    [1, 1, 'critical', false],
    ['0.61', 0.61, 'medium', false],
    [' 6.1e-1 ', 0.61, 'medium', false],
    [1.5, 0.015, 'low', true],
    [85, 0.85, 'high', true],
    ['100', 1, 'critical', true],
  ])('%j is %d, %s', (confidence, value, priority, scaled) => {
    const event = readPattern(flat({ confidence }));
    expect(event.confidence).toBe(value);
    expect(event.priority).toBe(priority);
    expect(event.tags.includes('confidence_scaled')).toBe(scaled);
    expect(event.tags.includes('high_confidence')).toBe(value >= 0.8);
  });

  test.each([undefined, null, -0.1, 100.1, true, 'high', '', '0x1', [0.5], {}, '85%'])('%j is rejected', confidence => {
    expect(reasonOf(flat({ confidence }))).toBe('bad_confidence');
  });

  test('a null in the body is not made up for from further out', () => {
    expect(reasonOf({ confidence: 0.9, data: flat({ confidence: null }) })).toBe('bad_confidence');
    expect(readPattern({ confidence: 0.9, data: flat({ confidence: undefined }) }).confidence).toBe(0.9);
  });
});

describe('what a pattern must have', () => {
  test.each([
    [{ pattern: undefined }, 'missing_pattern'],
    [{ pattern: '' }, 'missing_pattern'],
    [{ pattern: ' \u0000 ' }, 'missing_pattern'],
    [{ symbol: undefined }, 'missing_symbol'],
    [{ symbol: null }, 'missing_symbol'],
    [{ symbol: '  ' }, 'missing_symbol'],
    [{ pattern: 7 }, 'bad_shape'],
    [{ symbol: ['AAPL'] }, 'bad_shape'],
    [{ pattern: 'x'.repeat(101) }, 'bad_pattern'],
    [{ symbol: 'A'.repeat(21) }, 'bad_symbol'],
    [{ symbol: 'AA PL' }, 'bad_symbol'],
    [{ symbol: '<b>' }, 'bad_symbol'],
    [{ symbol: 'ß'.repeat(11) }, 'bad_symbol'],
  ])('%j is rejected as %s', (changes, reason) => {
    expect(reasonOf(flat(changes))).toBe(reason);
  });

  test.each([
    ['brk.b', 'BRK.B'],
    [' aapl ', 'AAPL'],
    ['^gspc', '^GSPC'],
    ['eur/usd', 'EUR/USD'],
    ['es=f', 'ES=F'],
    ['X:BTCUSD', 'X:BTCUSD'],
    ['тест', 'ТЕСТ'],
    ['株式', '株式'],
  ])('the symbol %j is %s', (symbol, expected) => {
    expect(readPattern(flat({ symbol })).symbol).toBe(expected);
  });

  test('the name is the first of its keys that holds one', () => {
    expect(readPattern(flat({ pattern_type: 'B', pattern_name: 'C' })).pattern_type).toBe('Doji');
    expect(readPattern(flat({ pattern: null, pattern_type: 'B', pattern_name: 'C' })).pattern_type).toBe('B');
    expect(readPattern(flat({ pattern: { id: 1 }, pattern_name: 'C' })).pattern_type).toBe('C');
  });

  test('control characters leave every text field, and stay in data', () => {
    const event = readPattern(
      flat({ pattern: 'Do\u0007ji', direction: 'u\u0000p', source: '\u001bT', flow_id: 'a\nb' }),
    );
    expect(event).toMatchObject({ pattern_type: 'Doji', direction: 'up', source: 'T', flow_id: 'ab' });
    expect(event.data).toMatchObject({ pattern: 'Do\u0007ji', direction: 'u\u0000p', source: '\u001bT' });
  });

  test('half a character becomes the replacement character', () => {
    expect(readPattern('{"pattern":"a\\ud800","symbol":"A","confidence":1}').pattern_type).toBe('a\ufffd');
  });
});

describe('unreadable messages', () => {
  test.each([
    ['', 'bad_json'],
    ['{', 'bad_json'],
    ['"text', 'bad_json'],
    ['{"a": xNaN}', 'bad_json'],
    ['{"a": NaNNaN}', 'bad_json'],
    ['{"a": -NaN}', 'bad_json'],
    ['"\\"\\', 'bad_json'],
    ['"just text"', 'bad_shape'],
    ['NaN', 'bad_shape'],
    ['12', 'bad_shape'],
    ['{"event_type":"pattern_detected","data":"text"}', 'bad_shape'],
    ['{"event_type":"pattern_detected","data":[1]}', 'bad_shape'],
    ['{"event_type":"pattern_detected","patterns":{"a":1}}', 'missing_pattern'],
    ['{"event_type":"pattern_detected","patterns":7}', 'bad_shape'],
    ['{}', 'missing_pattern'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'bad_shape'],
    [`{"pattern":"A","symbol":"A","confidence":1,"x":${'['.repeat(90)}${']'.repeat(90)}}`, 'bad_shape'],
  ])('%s', (raw, reason) => {
    expect(reasonOf(raw)).toBe(reason);
  });

  test('many flat brackets are no depth', () => {
    expect(readPattern(flat({ points: Array.from({ length: 100 }, () => [1]) })).data.points).toHaveLength(100);
  });

  test('bare NaN and Infinity are null outside strings and text inside them', () => {
    const event = readPattern(
      '{"pattern":"Doji","symbol":"A","confidence":0.7,"a":NaN,"b":[Infinity,-Infinity],"c":"NaN \\" Infinity"}',
    );
    expect(event.data).toMatchObject({ a: null, b: [null, null], c: 'NaN " Infinity' });
  });

  test('a message is measured in bytes, not characters', () => {
    const around = JSON.stringify(flat({ note: '' })).length;
    const fits = '€'.repeat(Math.floor((MAX_RAW_MESSAGE_BYTES - around) / 3));
    expect(reasonOf(flat({ note: fits }))).toBeNull();
    expect(reasonOf(flat({ note: `${fits}€` }))).toBe('too_large');
    expect(reasonOf('x'.repeat(MAX_RAW_MESSAGE_BYTES + 1))).toBe('too_large');
  });

  test('a reject shows the first 2 KB in whole characters, the channel and the time', () => {
    const [outcome] = read('€'.repeat(100_000));
    expect(outcome).toEqual({
      reject: { channel: PATTERNS, reason: 'too_large', sample: '€'.repeat(682), at: '2026-11-20T15:30:00.000Z' },
    });
  });
});

describe('batches', () => {
  const item = { symbol: 'NVDA', pattern: 'Hammer', confidence: 0.7, timestamp: '2025-10-16T02:08:03Z' };
  const batch = (patterns: unknown[]) => ({ type: 'streaming_patterns_batch', patterns, count: patterns.length });

  test('a bad item rejects itself alone, with itself as sample', () => {
    const outcomes = read(batch([item, 7, { ...item, symbol: '' }, { detection: item }]), STREAMING);
    expect(outcomes.map(outcome => ('event' in outcome ? 'event' : 'reject' in outcome && outcome.reject))).toEqual([
      'event',
      expect.objectContaining({ reason: 'bad_shape', sample: '7' }),
      expect.objectContaining({ reason: 'missing_symbol', sample: JSON.stringify({ ...item, symbol: '' }) }),
      'event',
    ]);
  });

  test('items take what they lack from around them, wherever the list stands', () => {
    const message = {
      session_id: 's',
      source: 'x',
      data: { symbol: 'NVDA', patterns: [{ pattern: 'A', confidence: 1 }] },
    };
    expect(readPattern(message, STREAMING)).toMatchObject({
      symbol: 'NVDA',
      pattern_type: 'A',
      shape: 'batch',
      source: 'x',
      data: { session_id: 's' },
    });
  });

  test('a list of anything but patterns beside a pattern is part of its data', () => {
    expect(readPattern(flat({ patterns: ['a', 'b'] })).data.patterns).toEqual(['a', 'b']);
  });

  test('an empty batch is counted', () => {
    expect(read(batch([]), STREAMING)).toEqual([{ notRouted: 'empty_batch' }]);
  });

  test('a list of nothing readable is rejected item by item', () => {
    expect(read(batch([null, {}]), STREAMING)).toMatchObject([
      { reject: { reason: 'bad_shape' } },
      { reject: { reason: 'missing_pattern' } },
    ]);
  });

  test('a message whose every item would carry a large message around it is too large', () => {
    const message = { ...batch(Array.from({ length: 500 }, () => item)), note: 'x'.repeat(100_000) };
    expect(reasonOf(message, STREAMING)).toBe('too_large');
  });

  test('the batch was published at its batch_timestamp', () => {
    const event = readPattern({ ...batch([item]), batch_timestamp: '2025-10-16T02:08:05Z' }, STREAMING);
    expect(event.hops.published_at_ms).toBe(Date.UTC(2025, 9, 16, 2, 8, 5));
    expect(event.data).not.toHaveProperty('batch_timestamp');
  });
});

describe('identity', () => {
  test('the copy on another channel in another shape is the same event', () => {
    const detection = {
      symbol: 'NVDA',
      pattern: 'X',
      confidence: 0.95,
      timestamp: '2025-10-16T02:08:03+00:00',
      timeframe: '1min',
    };
    const first = readPattern({ type: 'streaming_pattern', detection }, STREAMING);
    const copies = [
      readPattern({ event: 'pattern_detected', flow_id: 'f', ...detection, timestamp: 1760580483 }, DETECTED),
      readPattern(
        { payload: { ...detection, symbol: 'nvda', timestamp: '2025-10-15T22:08:03.000400-04:00' } },
        DETECTED,
      ),
      readPattern({ type: 'b', patterns: [{ ...detection, metadata: { pattern_id: 9 } }] }, STREAMING),
    ];
    expect(copies.map(copy => copy.id)).toEqual(copies.map(() => first.id));
  });

  test.each([
    { confidence: 0.701 },
    { symbol: 'MSFT' },
    { pattern: 'B' },
    { tier: 'combo' },
    { timeframe: 'x' },
    { timestamp: 1725534600.001 },
  ])('another %j is another event', changes => {
    expect(readPattern(flat(changes)).id).not.toBe(readPattern(flat()).id);
  });

  test.each([{ pattern_id: 9 }, { event_id: 'e' }, { flow_id: 'f' }, { note: 'n' }, { confidence: 0.7004 }])(
    'another %j is the same event',
    changes => {
      expect(readPattern(flat(changes)).id).toBe(readPattern(flat()).id);
    },
  );

  test('without a time, an event id tells events apart, else a flow id, else the text of the item itself', () => {
    const id = (changes: object) => readPattern(flat({ timestamp: undefined, ...changes })).id;
    expect(id({ event_id: 'e', note: 1 })).toBe(id({ event_id: 'e', note: 2 }));
    expect(id({ event_id: 'e' })).not.toBe(id({ event_id: 'f' }));
    expect(id({ flow_id: 'e', note: 1 })).toBe(id({ flow_id: 'e', note: 2 }));
    expect(id({ note: 1 })).not.toBe(id({ note: 2 }));
    expect(id({ a: 1, b: 2 })).toBe(id({ b: 2, a: 1 }));
    expect(readPattern({ from: 1, data: flat({ timestamp: undefined }) }).id).toBe(id({}));
  });

  test.each([
    [{ event_id: 'e', detection_id: 'd' }, 'e'],
    [{ detection_id: 'd' }, 'd'],
    [{ detection_id: 17 }, '17'],
    [{ event_id: '', detection_id: 'd' }, 'd'],
    [{ event_id: { a: 1 } }, null],
  ])("%j gives the producer's id %s", (changes, id) => {
    expect(readPattern(flat(changes)).producer_id).toBe(id);
  });
});

describe('other fields', () => {
  test('the producer is the outermost source that is no tier', () => {
    const data = flat({ source: 'fallback_detector' });
    expect(readPattern({ source: 'TickStockPL', data }).source).toBe('TickStockPL');
    expect(readPattern({ source: 'TickStockPL', data }).data.source).toBe('fallback_detector');
    expect(readPattern({ source: 'daily', data }).source).toBe('fallback_detector');
    expect(readPattern(flat()).source).toBe('unknown');
    expect(readPattern(flat({ source: 'x'.repeat(500) })).source).toHaveLength(200);
  });

  test.each([
    ['REGULAR', 'regular'],
    ['PRE', 'pre_market'],
    ['pre-market', 'pre_market'],
    ['After Hours', 'post_market'],
    ['AFTER', 'post_market'],
    ['CLOSED', 'closed'],
    ['lunch', null],
    ['', null],
    [7, null],
  ])('the market session %j is %s', (sent, session) => {
    const event = readPattern(flat({ market_session: sent }));
    expect(event.market_session).toBe(session);
    if (sent !== session) expect(event.data.market_session).toBe(sent);
  });

  test('what has the wrong type stays in data and is not invented', () => {
    const odd = { volume: '12', price: '1', levels: { a: 1 }, direction: 1, market_context: [1], timeframe: 5 };
    const event = readPattern(flat(odd));
    expect(event).toMatchObject({
      volume: null,
      price: null,
      levels: null,
      direction: null,
      market_context: null,
      timeframe: null,
    });
    expect(event.data).toEqual(odd);
  });

  test('the context of a combo is in fields, and of anything else in data', () => {
    const sent = { daily_context: { a: 1 }, intraday_trigger: { b: 2 }, correlation_strength: 0.9 };
    expect(readPattern(flat({ ...sent, tier: 'combo' }))).toMatchObject({ ...sent, data: {} });
    expect(readPattern(flat(sent))).toMatchObject({
      daily_context: null,
      intraday_trigger: null,
      correlation_strength: null,
      data: sent,
    });
  });

  test('tags of the producer come along', () => {
    expect(readPattern(flat({ tags: ['a', 7, 'a'], confidence: 0.8 })).tags).toEqual(['high_confidence', 'a']);
  });

  test.each([
    [{ expires_at: '2025-09-15T05:30:00Z' }, '2025-09-15T05:30:00.000Z', false],
    [{ expiration: 1757914200 }, '2025-09-15T05:30:00.000Z', false],
    [{ expiration_date: '2025-09-15' }, '2025-09-15T00:00:00.000Z', true],
    [{ expires_at: 'never' }, null, true],
  ])('%j expires at %s', (sent, expires_at, inData) => {
    const event = readPattern(flat(sent));
    expect(event.expires_at).toBe(expires_at);
    expect(Object.keys(event.data).length > 0).toBe(inData);
  });

  test.each([
    [flat(), 'flat'],
    [{ data: flat() }, 'nested'],
    [{ data: { data: flat() } }, 'double'],
    [{ pattern_data: flat() }, 'wrapped'],
    [{ detection: flat() }, 'streaming'],
    [{ payload: flat() }, 'payload'],
    [{ payload: { data: flat() } }, 'payload'],
    [flat({ pattern: undefined, pattern_name: 'Doji' }), 'versioned'],
    [flat({ symbol: undefined, ticker: 'A' }), 'ticker'],
  ])('%j is %s', (message, shape) => {
    expect(readPattern(message).shape).toBe(shape);
  });

  test('a whole pattern outside wins over a mere symbol inside', () => {
    const event = readPattern(flat({ data: { symbol: 'MSFT', correlation: 0.9 } }));
    expect(event).toMatchObject({
      symbol: 'AAPL',
      shape: 'flat',
      data: { data: { symbol: 'MSFT', correlation: 0.9 } },
    });
  });

  test('name and symbol on different levels still make a pattern', () => {
    const event = readPattern({ pattern: 'Doji', data: { symbol: 'AAPL', confidence: 0.9 } });
    expect(event).toMatchObject({ pattern_type: 'Doji', symbol: 'AAPL', confidence: 0.9, data: {} });
  });
});
