import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leftovers } from '../../../bridge/normalise/leftovers.ts';
import type { Outcome } from '../../../bridge/normalise/normalise.ts';
import { canonicalJson, exceedsBytes, firstBytes, utf8Bytes } from '../../../bridge/normalise/text.ts';
import { CHANNELS } from '../../../shared/channels.ts';
import { type IngestEvent, ingestEventSchema } from '../../../shared/events.ts';
import { rejectSchema } from '../../../shared/ingest-protocol.ts';
import { PATTERNS, read } from './support.ts';

const channel = fc.constantFrom(...Object.keys(CHANNELS));
const bases = readFileSync(new URL('../../fixtures/wire-samples.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => (JSON.parse(line) as { raw: string }).raw)
  .filter(raw => raw.startsWith('{') && !raw.includes('NaN'));

/** Keys that mean something, and some that are traps. */
const key = fc.constantFrom(
  ...['pattern', 'pattern_type', 'pattern_name', 'symbol', 'ticker', 'confidence', 'tier', 'timeframe', 'timestamp'],
  ...['detection_timestamp', 'published_at', 'batch_timestamp', 'expires_at', 'data', 'pattern_data', 'detection'],
  ...['payload', 'patterns', 'source', 'event_type', 'type', 'event', 'flow_id', 'event_id', 'detection_id', 'levels'],
  ...['price', 'current_price', 'volume', 'tags', 'market_session', 'daily_context', 'correlation_strength', 'session'],
  ...['status', 'health', 'alert', 'envelope', 'envelope_', '__proto__', 'constructor', 'toString', 'x'],
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    'Doji',
    'AAPL',
    'brk.b',
    'daily',
    'combo',
    '1min',
    'pattern_detected',
    'critical_alert',
    'system_health',
  ),
  fc.constantFrom(
    0.5,
    85,
    1725534600,
    1725534600.1234,
    '1725534600.5',
    '2025-09-12T05:30:00Z',
    '2025-09-12T05:30:00.1234',
  ),
  fc.constantFrom(null, true, [], {}, [1], ['a']),
  fc.jsonValue({ maxDepth: 2 }),
);
const objects = fc.letrec(tie => ({
  object: fc.array(fc.tuple(key, fc.oneof({ weight: 4, arbitrary: value }, tie('object'), tie('list')))).map(asObject),
  list: fc.array(tie('object'), { maxLength: 3 }),
}));

describe('whatever comes in', () => {
  test('any text gives outcomes that the edge accepts', () => {
    fc.assert(fc.property(channel, fc.string({ unit: 'binary' }), (at, raw) => check(raw, at)));
  });

  test('any JSON gives outcomes that the edge accepts', () => {
    fc.assert(fc.property(channel, fc.json(), (at, raw) => check(raw, at)));
  });

  test('any arrangement of known keys gives outcomes that the edge accepts, and loses nothing', () => {
    fc.assert(
      fc.property(channel, objects.object, (at, message) => check(JSON.stringify(message), at)),
      { numRuns: 2000 },
    );
  });

  test('any change of a real message gives outcomes that the edge accepts, and loses nothing', () => {
    const change = fc.tuple(fc.nat(), key, value);
    fc.assert(
      fc.property(channel, fc.constantFrom(...bases), fc.array(change, { maxLength: 4 }), (at, raw, changes) => {
        const message = JSON.parse(raw) as Record<string, unknown>;
        for (const [place, name, put] of changes) {
          const targets = [message, ...Object.values(message).filter(isRecord)];
          define(targets[place % targets.length]!, name, JSON.parse(JSON.stringify(put)));
        }
        check(JSON.stringify(message), at);
      }),
      { numRuns: 2000 },
    );
  });

  test('any cut or garbled real message gives outcomes that the edge accepts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bases), fc.nat(), fc.string(), (raw, place, put) => {
        const at = place % raw.length;
        check(raw.slice(0, at), PATTERNS);
        check(raw.slice(0, at) + put + raw.slice(at + 1), PATTERNS);
      }),
    );
  });
});

test('leftovers lose no key, whatever the levels hold', () => {
  fc.assert(
    fc.property(
      fc.array(objects.object as fc.Arbitrary<Record<string, unknown>>, { minLength: 1, maxLength: 4 }),
      layers => {
        const [body, ...outer] = layers.map((layer, i) => ({ value: layer, inner: i === 0 ? null : 'data' }));
        const data = leftovers([body!, ...outer], () => false);
        for (const { value: layer, inner } of [body!, ...outer]) {
          for (const [name, item] of Object.entries(layer)) {
            if (name !== inner) expect(holds(data, name, item)).toBe(true);
          }
        }
        expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
      },
    ),
  );
});

test('outer keys stand at the top where their name is free, else in the envelope', () => {
  const levels = [
    { value: { a: 1, envelope: 'theirs' }, inner: null },
    { value: { a: 2, b: 3, data: {} }, inner: 'data' },
    { value: { a: 4, b: 3, c: 5, data: {} }, inner: 'data' },
  ] as const;
  expect(leftovers(levels, () => false)).toEqual({
    a: 1,
    envelope: 'theirs',
    b: 3,
    c: 5,
    envelope_: { a: 2, envelope_: { a: 4 } },
  });
});

test('sizes are those of UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 40 }), (text, limit) => {
      const bytes = (part: string) => new TextEncoder().encode(part).length;
      const first = firstBytes(text, limit);
      expect(text.startsWith(first)).toBe(true);
      expect(bytes(first)).toBeLessThanOrEqual(limit);
      const next = String.fromCodePoint(text.codePointAt(first.length) ?? 0);
      expect(first === text || bytes(first + next) > limit).toBe(true);
      expect(exceedsBytes(text, limit)).toBe(bytes(text) > limit);
      expect(utf8Bytes(text)).toBe(bytes(text));
    }),
  );
});

test('canonical JSON is the same for the same keys in any order, and parses back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), json => {
      const value = JSON.parse(JSON.stringify(json));
      expect(JSON.parse(canonicalJson(value))).toEqual(value);
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
    }),
  );
});

function check(raw: string, at: string): void {
  const outcomes = read(raw, at);
  expect(outcomes.length).toBeGreaterThan(0);
  outcomes.forEach((outcome, i) => {
    if ('reject' in outcome) expect(rejectSchema.safeParse(outcome.reject).error).toBeUndefined();
    if ('notRouted' in outcome) expect(outcome.notRouted).toMatch(/^[^\0]{1,100}$/su);
    if ('event' in outcome) checkEvent(outcome.event, JSON.parse(raw), outcomes, i);
  });
}

function checkEvent(event: IngestEvent, message: unknown, outcomes: Outcome[], i: number): void {
  expect(ingestEventSchema.safeParse(event).error).toBeUndefined();
  const sent = JSON.parse(JSON.stringify(event)) as IngestEvent;
  const seen = event.shape === 'batch' && outcomes.length > 0 ? onlyItem(message, outcomes.length, i) : message;
  for (const [name, item] of leaves(seen)) {
    expect(told(sent, item) || holds(sent, name, item), `${name}: ${JSON.stringify(item)}`).toBe(true);
  }
}

/** The message as if item `i` had come alone. */
function onlyItem(message: unknown, length: number, i: number): unknown {
  if (!isRecord(message)) return message;
  const entries = Object.entries(message).map(([name, item]): [string, unknown] => {
    if (name === 'patterns' && Array.isArray(item) && item.length === length) return [name, item[i]];
    return [name, isRecord(item) ? onlyItem(item, length, i) : item];
  });
  return Object.fromEntries(entries);
}

/** Every key with a value that is no object, wherever it stands. */
function* leaves(value: unknown): Generator<[string, unknown]> {
  if (!isRecord(value)) return;
  for (const [name, item] of Object.entries(value)) {
    if (isRecord(item)) yield* leaves(item);
    else yield [name, item];
  }
}

/** Whether a field says the value, or the instant it names. */
function told({ data: _, ...fields }: IngestEvent, item: unknown): boolean {
  const values = [...Object.values(fields), fields.hops.published_at_ms];
  if (values.some(field => field === item || JSON.stringify(field) === JSON.stringify(item))) return true;
  const instant = typeof item === 'number' ? (item > 1e11 ? item : item * 1000) : zonedInstant(item);
  return values.some(field => field === instant || (typeof field === 'string' && Date.parse(field) === instant));
}

function zonedInstant(item: unknown): number | null {
  if (typeof item !== 'string') return null;
  if (/^[\d.]+$/.test(item)) return Number(item) * 1000;
  return /(Z|[+-]\d\d:?\d\d)$/.test(item) ? Date.parse(item) : null;
}

/** Whether a value, at any depth, holds the key with the value. */
function holds(data: unknown, name: string, item: unknown): boolean {
  if (Array.isArray(data)) return data.some(inner => holds(inner, name, item));
  if (!isRecord(data)) return false;
  if (Object.hasOwn(data, name) && JSON.stringify(data[name]) === JSON.stringify(item)) return true;
  return Object.values(data).some(inner => holds(inner, name, item));
}

function asObject(entries: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries);
}

function define(target: Record<string, unknown>, name: string, item: unknown): void {
  Object.defineProperty(target, name, { value: item, enumerable: true, configurable: true, writable: true });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, reversed(item)]),
  );
}
