import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { normalise } from '../../bridge/normalise/normalise.ts';
import type { IngestPattern } from '../../shared/events.ts';
import { DEFAULT_POLICY } from '../../shared/tier-policy.ts';
import { type Detection, SOURCE, type TimedMessage } from './detection.ts';
import { createStream } from './stream.ts';

const START_MS = Date.UTC(2026, 10, 20, 14, 30);
const messages = createStream({ seed: 11, patternsPerSecond: 50, startMs: START_MS }).until(START_MS + 120_000);

const read = ({ channel, raw, atMs }: TimedMessage) =>
  normalise(
    { channel, raw, receivedAtMs: atMs },
    { policy: DEFAULT_POLICY, hash: text => createHash('sha256').update(text).digest('base64url') },
  );
const eventsOf = (message: TimedMessage) =>
  read(message).flatMap(outcome => ('event' in outcome && outcome.event.kind === 'pattern' ? [outcome.event] : []));
const isPattern = ({ truth }: TimedMessage) => truth.detections.length > 0 && truth.is !== 'outcome';

test('the bridge reads in each pattern message what the simulator put into it', () => {
  for (const message of messages.filter(isPattern)) {
    const events = eventsOf(message);
    expect(events, message.raw).toHaveLength(read(message).length);
    expect(events, message.raw).toMatchObject(message.truth.detections.map(asEvent));
  }
});

test('a copy on another channel has the id of the original, and different patterns have different ids', () => {
  const ids = (copy: boolean) =>
    messages
      .filter(message => isPattern(message) && message.truth.copy === copy)
      .flatMap(eventsOf)
      .map(({ id }) => id);
  const originals = new Set(ids(false));

  expect(originals.size).toBe(ids(false).length);
  expect(ids(true).length).toBeGreaterThan(50);
  expect(ids(true).every(id => originals.has(id))).toBe(true);
});

test('the bridge rejects what is malformed, for the reason the simulator had in mind', () => {
  const bad = messages.filter(({ truth }) => truth.rejects.length > 0);

  expect(bad.length).toBeGreaterThan(5);
  for (const message of bad) {
    expect(read(message), message.raw).toMatchObject(message.truth.rejects.map(reason => ({ reject: { reason } })));
  }
});

test('everything else is recognised as what it is', () => {
  for (const message of messages.filter(other => !isPattern(other) && other.truth.rejects.length === 0)) {
    const [outcome, ...more] = read(message);
    const { is } = message.truth;
    expect(more).toEqual([]);
    const kind = 'event' in outcome! ? outcome.event.kind : 'notRouted' in outcome! ? outcome.notRouted : null;
    expect(is === 'probe' ? outcome : kind, message.raw).toEqual(is === 'probe' ? { probe: true } : is);
  }
});

function asEvent(detection: Detection): Partial<IngestPattern> {
  const { tier, pattern, symbol, confidence, timeframe, detectedMs, eventId, builtOn } = detection;
  return {
    kind: 'pattern',
    tier,
    pattern_type: pattern,
    symbol,
    confidence,
    timeframe,
    detected_at: new Date(detectedMs).toISOString(),
    source: SOURCE,
    producer_id: eventId,
    correlation_strength: builtOn?.correlation ?? null,
  };
}
