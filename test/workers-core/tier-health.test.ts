import { describe, expect, it } from 'vitest';
import { type TierChannel, type TierFacts, tierHealth } from '../../workers/core/tier-health.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Tuesday, New York's time. */
const at = (clock: string, day = '2026-11-17') => Date.parse(`${day}T${clock}:00-05:00`);
const LONG_AGO = at('09:30', '2026-11-02');
const well = { isConnected: true, reasons: [] };

function channel(name: string, lastMessageAtMs: number | null, changes: Partial<TierChannel> = {}): TierChannel {
  return { channel: name, lastMessageAtMs, listenedSinceMs: LONG_AGO, rejects: [], ...changes };
}

/** All is well at that moment, but for the changes. */
function facts(nowMs: number, changes: Partial<TierFacts> = {}): TierFacts {
  return {
    tier: 'intraday',
    heartbeatAgeMs: 1_000,
    bridges: [well],
    lastMessageAtMs: nowMs - 1_000,
    lastEventAtMs: nowMs - 1_000,
    channels: [channel('x', nowMs - 1_000)],
    ...changes,
  };
}

const noon = at('12:00');
/** Only other channels than the tier's are heard. */
const quiet = (changes: Partial<TierFacts>) => facts(noon, { lastEventAtMs: null, ...changes });

describe('a tier', () => {
  it.each<[string, TierFacts, number, string, string[]]>([
    ['with everything in order', facts(noon), noon, 'ok', []],
    [
      'that no bridge ever posted to',
      facts(noon, { bridges: [], heartbeatAgeMs: null }),
      noon,
      'stale',
      ['no bridge has posted yet'],
    ],
    [
      'without a heartbeat',
      facts(noon, { bridges: [], heartbeatAgeMs: 48_000 }),
      noon,
      'stale',
      ['no heartbeat from any bridge for 48 s'],
    ],
    [
      'whose bridges are all cut off',
      facts(noon, { bridges: [{ isConnected: false, reasons: ['r'] }] }),
      noon,
      'degraded',
      ['r', 'no bridge is connected to Redis'],
    ],
    [
      'one of whose bridges is cut off',
      facts(noon, { bridges: [well, { isConnected: false, reasons: ['r'] }] }),
      noon,
      'degraded',
      ['r'],
    ],
    [
      'two of whose bridges say the same',
      facts(noon, { bridges: [1, 2].map(() => ({ ...well, reasons: ['r'] })) }),
      noon,
      'degraded',
      ['r'],
    ],
    [
      'with a channel that nobody hears',
      facts(noon, { channels: [channel('x', null, { listenedSinceMs: null }), channel('y', noon)] }),
      noon,
      'degraded',
      ['nobody is subscribed on x'],
    ],
    ['whose channels are not known', quiet({ channels: null }), noon, 'ok', []],
    [
      'whose producer says nothing at all',
      facts(noon, { lastMessageAtMs: noon - 6 * MINUTE }),
      noon,
      'degraded',
      ['the producer is silent in regular trading: last message 6 min ago on any channel'],
    ],
    [
      'whose producer never said anything',
      facts(noon, { lastMessageAtMs: null }),
      noon,
      'degraded',
      ['the producer is silent in regular trading: no message yet on any channel'],
    ],
    [
      'on whose channels nothing comes',
      quiet({ channels: [channel('x', noon - 2 * HOUR), channel('y', null)] }),
      noon,
      'degraded',
      ['nobody publishes on x, y: last message 2 h ago'],
    ],
    [
      'on whose channels nothing ever came',
      quiet({ channels: [channel('x', null)] }),
      noon,
      'degraded',
      ['nobody publishes on x: no message yet'],
    ],
    ['with one quiet channel of two', quiet({ channels: [channel('x', null), channel('y', noon)] }), noon, 'ok', []],
    [
      'that gets its events on the channels of others',
      quiet({ channels: [channel('x', null)], lastEventAtMs: noon }),
      noon,
      'ok',
      [],
    ],
    [
      'listened to for a moment only',
      quiet({ channels: [channel('x', null, { listenedSinceMs: noon - MINUTE })] }),
      noon,
      'ok',
      [],
    ],
  ])('%s', (_, given, nowMs, status, reasons) => {
    expect(tierHealth(given, nowMs)).toEqual({ status, reasons });
  });
});

describe('silence', () => {
  const silentFor = (tier: TierFacts['tier'], lastMs: number, nowMs: number, allSilent = false) =>
    tierHealth(
      facts(nowMs, {
        tier,
        lastEventAtMs: lastMs,
        channels: [channel('x', lastMs)],
        ...(allSilent && { lastMessageAtMs: lastMs }),
      }),
      nowMs,
    ).status;

  it.each([
    ['at night', at('03:00')],
    ['before the opening', at('09:29')],
    ['after the close', at('16:01')],
    ['on a Saturday', at('12:00', '2026-11-14')],
    ['on Thanksgiving', at('12:00', '2026-11-26')],
    ['on a half day after 13:00', at('13:30', '2026-11-27')],
    ['in the first minutes of a trading day', at('09:34')],
  ])('is no fault %s', (_, nowMs) => {
    for (const tier of ['daily', 'intraday', 'combo'] as const) {
      expect(silentFor(tier, nowMs - 20 * HOUR, nowMs, true)).toBe('ok');
    }
  });

  it('of intraday patterns is one after a quarter of an hour of trading', () => {
    expect(silentFor('intraday', at('09:00'), at('09:44'))).toBe('ok');
    expect(silentFor('intraday', at('09:00'), at('09:46'))).toBe('degraded');
    expect(silentFor('intraday', at('11:50'), noon)).toBe('ok');
  });

  it('of daily patterns and combos is one after a whole trading day, weekends not counted', () => {
    const monday = at('12:00', '2026-11-16');
    for (const tier of ['daily', 'combo'] as const) {
      expect(silentFor(tier, at('20:00', '2026-11-13'), monday)).toBe('ok');
      expect(silentFor(tier, at('09:29', '2026-11-13'), monday)).toBe('degraded');
    }
  });
});

it('a rise of rejects is told with the channel, the reason and the rates', () => {
  const rejects = [
    { reason: 'missing_pattern', perMinute: 12, beforePerMinute: 0.2 },
    { reason: 'bad_json', perMinute: 6, beforePerMinute: 4 },
  ];
  expect(tierHealth(facts(noon, { channels: [channel('x', noon, { rejects })] }), noon).reasons).toEqual([
    'rejects rose to 12/min on x (missing_pattern), from 0.2/min',
  ]);
});
