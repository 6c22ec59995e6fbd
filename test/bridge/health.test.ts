import { describe, expect, test } from 'vitest';
import { type HealthFacts, readHealth } from '../../bridge/health.ts';

const NOW = 1_000_000_000;
const well: HealthFacts = {
  source: { connected: true, latencyMs: 1, channelsSubscribed: 1, channelsWanted: 1, reasons: [] },
  streamReasons: [],
  jobReason: null,
  failing: [],
  clockOffsetMs: 0,
  droppedAtMs: null,
  givenUpAtMs: {},
  outboxFile: { path: '/data/outbox-bridge.sqlite', error: null, setAside: null },
  inMemoryAlone: 7,
};
const failing = (sinceMs: number, why: string) => ({ failing: [{ topic: 'daily' as const, sinceMs, why }] });

describe('health', () => {
  test.each([
    {},
    { clockOffsetMs: null },
    { clockOffsetMs: -60_000 },
    failing(NOW - 2_000, '503'),
    { droppedAtMs: NOW - 300_000 },
    { outboxFile: { ...well.outboxFile, setAside: { path: '/data/x', atMs: NOW - 300_000 } } },
    { givenUpAtMs: { gap: NOW - 300_000 } },
  ])('is ok with %j', changes => {
    expect(readHealth({ ...well, ...changes }, NOW)).toEqual({ status: 'ok', reasons: [] });
  });

  test.each([
    [{ source: { ...well.source, reasons: ['Redis is away'] } }, 'Redis is away'],
    [failing(NOW - 4_000, '503: busy'), 'the Worker does not take daily for 4 s: 503: busy'],
    [failing(NOW, '401: bad_signature'), 'the Worker refuses the signature of daily for 0 s: 401: bad_signature'],
    [{ droppedAtMs: NOW - 1 }, 'events were given up because too many waited'],
    [
      { outboxFile: { ...well.outboxFile, error: { why: 'database or disk is full', sinceMs: NOW - 5_000 } } },
      'the outbox cannot be written for 5 s, 7 events in memory alone: database or disk is full',
    ],
    [
      { outboxFile: { ...well.outboxFile, setAside: { path: '/data/x', atMs: NOW - 1 } } },
      'the outbox could not be read and is put away as /data/x',
    ],
    [{ givenUpAtMs: { event: NOW - 1 } }, 'the Worker refused an event for good'],
    [{ givenUpAtMs: { gap: NOW - 1 } }, 'the Worker refused a gap for good: its clients are not told of it'],
    [{ givenUpAtMs: { heartbeat: NOW - 1 } }, 'the Worker refuses our heartbeat'],
    [{ clockOffsetMs: 60_001 }, "the Worker's clock is 60001 ms ahead of ours"],
  ])('is degraded with %j, and says why', (changes, reason) => {
    expect(readHealth({ ...well, ...changes }, NOW)).toEqual({ status: 'degraded', reasons: [reason] });
  });
});
