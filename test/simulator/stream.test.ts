import { expect, test } from 'vitest';
import { TIERS } from '../../shared/topics.ts';
import { PATTERNS } from './catalogue.ts';
import { type Detection, SOURCE, type TimedMessage } from './detection.ts';
import { DAY_MS, rhythm } from './rhythm.ts';
import { createStream } from './stream.ts';
import { ETFS, SYMBOLS } from './symbols.ts';

const START_MS = Date.UTC(2026, 10, 20, 14, 30);
const aDay = createStream({ seed: 7, patternsPerSecond: 20, startMs: START_MS }).until(START_MS + DAY_MS - 1);
const patterns = aDay.filter(({ truth }) => truth.detections.length > 0 && truth.is !== 'outcome');
const originals = patterns.filter(({ truth }) => !truth.copy);
const detections = originals.flatMap(({ truth }) => truth.detections);

const seen = (key: (message: TimedMessage) => string) => new Set(aDay.map(key));
const isPublishedBefore = (detection: Detection, atMs: number) =>
  originals.some(message => message.atMs <= atMs && message.truth.detections.includes(detection));

test('the same seed gives the same stream, another seed another', () => {
  const texts = (seed: number) => {
    const stream = createStream({ seed, patternsPerSecond: 50, startMs: START_MS });
    return stream.until(START_MS + 20_000).map(({ atMs, channel, raw }) => [atMs, channel, raw]);
  };

  expect(texts(1)).toEqual(texts(1));
  expect(texts(1)).not.toEqual(texts(2));
});

test('asking often or seldom makes no difference', () => {
  const often = createStream({ seed: 3, patternsPerSecond: 50, startMs: START_MS });
  const seldom = createStream({ seed: 3, patternsPerSecond: 50, startMs: START_MS });
  const pieces = Array.from({ length: 1_000 }, (_, i) => often.until(START_MS + 10 * (i + 1))).flat();

  expect(pieces).toEqual(seldom.until(START_MS + 10_000));
});

test('messages come in order of time, within what was asked for', () => {
  const times = aDay.map(({ atMs }) => atMs);

  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBe(START_MS);
  expect(times.at(-1)).toBeLessThan(START_MS + DAY_MS);
});

test('every shape, every name and every channel of the producer occurs', () => {
  expect(seen(({ truth }) => truth.is)).toEqual(
    new Set([
      ...[
        'flat',
        'nested',
        'double',
        'wrapped',
        'versioned',
        'ticker',
        'streaming',
        'streaming_flat',
        'batch',
        'payload',
      ],
      ...['probe', 'outcome', 'malformed', 'streaming_session', 'streaming_health', 'system_health', 'critical_alert'],
      ...['indicator', 'indicator_alert'],
      ...['market_price', 'market_tick', 'market_bar', 'market_volume', 'market_summary'],
    ]),
  );
  for (const tier of TIERS) {
    const names = detections.filter(detection => detection.tier === tier).map(({ pattern }) => pattern);
    expect(new Set(names), tier).toEqual(new Set(PATTERNS[tier].map(({ name }) => name)));
  }
  expect(seen(({ channel }) => channel)).toEqual(
    new Set([
      ...['', '.daily', '.intraday', '.combo', '.detection', '.outcomes'].map(end => `tickstock.events.patterns${end}`),
      ...['streaming', 'detected'].map(end => `tickstock:patterns:${end}`),
      ...['session_started', 'health'].map(end => `tickstock:streaming:${end}`),
      ...['prices', 'ohlcv', 'volume', 'summary'].map(end => `tickstock.market.${end}`),
      ...['tickstock.events.indicators', 'tickstock:indicators:streaming', 'tickstock:alerts:indicators'],
      ...['tickstock:alerts:critical', 'tickstock.health.status', 'tickstock.all_ticks', 'tickstock:market:ticks'],
    ]),
  );
});

test('a new day stops the streaming session of the day before and starts another', () => {
  const stream = createStream({ seed: 7, patternsPerSecond: 1, startMs: START_MS });
  const session = (message: TimedMessage | undefined) =>
    JSON.stringify(message?.raw).match(/session_id\\":\\"([^\\]+)/)?.[1];
  const [stop, ...stops] = stream
    .until(START_MS + DAY_MS)
    .filter(({ channel }) => channel === 'tickstock:streaming:session_stopped');

  expect(stops).toEqual([]);
  expect(session(stop)).toBe(session(aDay[0]));
});

test('every message but probes names the simulator as its producer', () => {
  for (const { raw, truth } of aDay) {
    if (truth.is === 'malformed' || truth.is === 'probe') continue;
    expect(JSON.parse(raw).source, raw).toBe(SOURCE);
  }
});

test('there are as many patterns as asked for, on average over a day', () => {
  const expected = 20 * (DAY_MS / 1_000);

  expect(detections.length).toBeGreaterThan(expected * 0.97);
  expect(detections.length).toBeLessThan(expected * 1.03);
});

test('2,000 patterns a second are kept up', () => {
  const stream = createStream({ seed: 1, patternsPerSecond: 2_000, startMs: START_MS });
  const count = stream
    .until(START_MS + 2_000)
    .filter(({ truth }) => truth.is !== 'outcome' && !truth.copy)
    .reduce((sum, { truth }) => sum + truth.detections.length, 0);

  expect(count / (2 * 2_000 * rhythm(0))).toBeCloseTo(1, 1);
});

test('the open and the close are three times as busy as lunch, and the day averages one', () => {
  const minutes = Array.from({ length: 600 }, (_, i) => rhythm((DAY_MS * (i + 0.5)) / 600));

  expect(rhythm(0)).toBeCloseTo(3 * rhythm(DAY_MS / 2));
  expect(rhythm(DAY_MS)).toBe(rhythm(0));
  expect(minutes.reduce((sum, rate) => sum + rate, 0) / minutes.length).toBeCloseTo(1, 3);
});

test('patterns are detected just before they are published, each at a time of its own', () => {
  for (const { atMs, truth } of originals) {
    for (const { detectedMs } of truth.detections) {
      expect(atMs - detectedMs).toBeGreaterThan(0);
      expect(atMs - detectedMs).toBeLessThan(100);
    }
  }
  const identities = detections.map(d => [d.tier, d.symbol, d.pattern, d.timeframe, d.detectedMs, d.confidence].join());
  expect(new Set(identities).size).toBe(detections.length);
});

test('strong streaming patterns, and only they, are copied within milliseconds', () => {
  const strong = originals.filter(
    ({ channel, truth }) =>
      channel === 'tickstock:patterns:streaming' && truth.is !== 'batch' && truth.detections[0]!.confidence >= 0.8,
  );
  const copies = patterns.filter(({ truth }) => truth.copy);

  expect(copies.length).toBeGreaterThan(100);
  expect(strong.slice(0, copies.length).map(({ raw }) => raw)).toEqual(copies.map(({ raw }) => raw));
  for (const [i, copy] of copies.entries()) {
    expect(copy.channel).toBe('tickstock:patterns:detected');
    expect(copy.atMs - strong[i]!.atMs).toBeLessThan(20);
  }
});

test('the same pattern fires again for the same symbol', () => {
  const fired = detections.map(({ symbol, pattern, timeframe }) => [symbol, pattern, timeframe].join());

  expect(new Set(fired).size).toBeLessThan(fired.length * 0.85);
});

test('a combo builds on a daily and an intraday pattern of its symbol that were published before', () => {
  const combos = originals.filter(({ truth }) => truth.detections[0]!.tier === 'combo');

  expect(combos.length).toBeGreaterThan(1_000);
  for (const { atMs, raw, truth } of combos.slice(0, 300)) {
    const { symbol, builtOn } = truth.detections[0]!;
    for (const [tier, part] of [['daily', builtOn!.daily] as const, ['intraday', builtOn!.intraday] as const]) {
      expect(part).toMatchObject({ tier, symbol });
      expect(part.eventId).toBeTruthy();
      expect(raw).toContain(part.eventId!);
      expect(isPublishedBefore(part, atMs)).toBe(true);
    }
    expect(raw).toContain(`"correlation_strength":${builtOn!.correlation}`);
  }
});

test('outcomes follow patterns that were published before, step by step', () => {
  const outcomes = aDay.filter(({ truth }) => truth.is === 'outcome');
  const steps = new Map<Detection, object[]>();
  for (const { raw, truth } of outcomes) {
    const [about] = truth.detections as [Detection];
    steps.set(about, [...(steps.get(about) ?? []), JSON.parse(raw)]);
  }

  expect(
    outcomes.slice(0, 300).every(({ atMs, truth }) => isPublishedBefore(truth.detections[0]!, atMs - 29_000)),
  ).toBe(true);
  const [about, told] = steps.entries().next().value!;
  expect(told).toHaveLength(3);
  for (const [i, outcome] of told.entries()) {
    expect(outcome).toMatchObject({
      detection_id: about.eventId,
      pattern_name: about.pattern,
      symbol: about.symbol,
      detection_timestamp: new Date(about.detectedMs).toISOString(),
      success_1d: expect.any(Boolean),
      outcome_5d: i >= 1 ? expect.any(Number) : null,
      success_30d: i >= 2 ? expect.any(Boolean) : null,
    });
  }
});

test('few messages are malformed, but some, of many kinds', () => {
  const bad = aDay.filter(({ truth }) => truth.rejects.length > 0);

  expect(bad.length / originals.length).toBeGreaterThan(0.002);
  expect(bad.length / originals.length).toBeLessThan(0.01);
  expect(new Set(bad.flatMap(({ truth }) => truth.rejects))).toEqual(
    new Set(['bad_confidence', 'bad_json', 'missing_pattern', 'missing_symbol', 'bad_shape']),
  );
});

test('prices of the market funds walk without leaps', () => {
  for (const fund of Object.keys(ETFS)) {
    const prices = aDay
      .filter(({ truth }) => truth.is === 'market_price')
      .map(({ raw }) => JSON.parse(raw))
      .filter(({ symbol }) => symbol === fund)
      .map(({ price }) => price);
    expect(prices.length).toBeGreaterThan(100);
    for (const [i, price] of prices.entries())
      expect(Math.abs(price / (prices[i - 1] ?? price) - 1)).toBeLessThan(0.01);
  }
});

test('there are hundreds of symbols, each once, dots and all', () => {
  expect(SYMBOLS.length).toBeGreaterThan(250);
  expect(new Set(SYMBOLS).size).toBe(SYMBOLS.length);
  expect(SYMBOLS).toContain('BRK.B');
});

test('skipping leaves out what was due in between', () => {
  const stream = createStream({ seed: 1, patternsPerSecond: 100, startMs: START_MS });
  stream.until(START_MS + 1_000);
  stream.skipTo(START_MS + 3_600_000);
  const messages = stream
    .until(START_MS + 3_600_000 + 1_000)
    .filter(({ truth }) => truth.is !== 'outcome' && !truth.copy);

  expect(messages.length).toBeLessThan(1_000);
  expect(messages.every(({ atMs }) => atMs >= START_MS + 3_600_000)).toBe(true);
});
