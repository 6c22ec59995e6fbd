import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { type NormaliseDeps, normalise, type Outcome } from '../../../bridge/normalise/normalise.ts';
import type { IngestEvent, IngestPattern } from '../../../shared/events.ts';
import { DEFAULT_POLICY } from '../../../shared/tier-policy.ts';

export const RECEIVED_AT_MS = Date.UTC(2026, 10, 20, 15, 30);
export const PATTERNS = 'tickstock.events.patterns';

export const deps: NormaliseDeps = {
  policy: DEFAULT_POLICY,
  hash: text => createHash('sha256').update(text).digest('base64url'),
};

/** Normalises a value as if it had come in as JSON, or a text as it is. */
export function read(message: object | string, channel = PATTERNS): Outcome[] {
  const raw = typeof message === 'string' ? message : JSON.stringify(message);
  return normalise({ channel, raw, receivedAtMs: RECEIVED_AT_MS }, deps);
}

/** The one event that a message gives. */
export function readEvent(message: object | string, channel = PATTERNS): IngestEvent {
  const outcomes = read(message, channel);
  expect(outcomes, JSON.stringify(outcomes)).toHaveLength(1);
  expect(outcomes[0]).toHaveProperty('event');
  return (outcomes[0] as { event: IngestEvent }).event;
}

/** The one pattern that a message gives. */
export function readPattern(message: object | string, channel = PATTERNS): IngestPattern {
  const event = readEvent(message, channel);
  expect(event.kind).toBe('pattern');
  return event as IngestPattern;
}

/** Why the one thing in a message was rejected; null when it was not. */
export function reasonOf(message: object | string, channel = PATTERNS): string | null {
  const [outcome] = read(message, channel);
  return outcome && 'reject' in outcome ? outcome.reject.reason : null;
}

/** A flat pattern with some keys changed; `undefined` leaves one out. */
export function flat(changes: Record<string, unknown> = {}): object {
  return { pattern: 'Doji', symbol: 'AAPL', confidence: 0.7, tier: 'daily', timestamp: 1725534600, ...changes };
}
