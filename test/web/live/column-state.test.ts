import { describe, expect, it } from 'vitest';
import type { SessionNow } from '../../../web/live/calendar.ts';
import { type ColumnInputs, columnState } from '../../../web/live/column-state.ts';

const NOW_MS = 1_795_000_000_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const trading: SessionNow = {
  session: 'regular',
  next: 'post_market',
  changesAtMs: NOW_MS + HOUR_MS,
  opensAtMs: NOW_MS - HOUR_MS,
  closesAtMs: NOW_MS + HOUR_MS,
  closedAtMs: NOW_MS - 18 * HOUR_MS,
  holiday: null,
  halfDay: null,
};
const closed: SessionNow = {
  ...trading,
  session: 'closed',
  next: 'pre_market',
  opensAtMs: NOW_MS + 12 * HOUR_MS,
  closesAtMs: null,
  closedAtMs: NOW_MS - 5 * HOUR_MS,
};
const waiting = { name: 'reconnecting', attempt: 3, retryAtMs: NOW_MS + 4_000, reason: 'slow reader' } as const;
const noEvents = { held: 0, lastEventAtMs: null, hasTape: false };
const oldHeartbeat = { heartbeatAtMs: NOW_MS - 30_001 };

/** Open, up to date, trading, a heartbeat and an event just now. */
function inputs(changes: Partial<ColumnInputs> = {}): ColumnInputs {
  return {
    tier: 'intraday',
    nowMs: NOW_MS,
    topic: { name: 'open' },
    lostAtMs: null,
    wasOpen: true,
    isOnline: true,
    visibleSinceMs: NOW_MS - HOUR_MS,
    heartbeatAtMs: NOW_MS - 3_000,
    heartbeatMs: 15_000,
    openedAtMs: NOW_MS - HOUR_MS,
    session: trading,
    isStreaming: false,
    lastEventAtMs: NOW_MS - 1_000,
    subscriptions: 1,
    refused: null,
    held: 10,
    hidden: { local: 0, muted: 0, unrelated: 0 },
    hasTape: true,
    backfilled: 0,
    ...changes,
  };
}

const lost = (changes: Partial<ColumnInputs> = {}) => inputs({ topic: waiting, lostAtMs: NOW_MS - 2_000, ...changes });

const CASES: [string, ColumnInputs, object][] = [
  ['live', inputs(), { name: 'live' }],

  [
    'connecting at first',
    inputs({ topic: { name: 'connecting', attempt: 0 }, wasOpen: false, lostAtMs: NOW_MS, ...noEvents }),
    { name: 'connecting', attempt: 0 },
  ],
  [
    'connecting while the first attempt is slow',
    inputs({ topic: { name: 'connecting', attempt: 0 }, wasOpen: false, lostAtMs: NOW_MS - 9_000 }),
    { name: 'connecting', attempt: 0 },
  ],
  [
    'connecting until the first snapshot is there',
    inputs({ topic: { name: 'backfilling' }, wasOpen: false }),
    { name: 'connecting', attempt: 0 },
  ],
  [
    'connecting in the first 2 s of failing',
    inputs({ topic: waiting, wasOpen: false, lostAtMs: NOW_MS - 1_999 }),
    { name: 'connecting', attempt: 3 },
  ],
  [
    'reconnecting when the first attempts have failed for 2 s',
    lost({ wasOpen: false }),
    { name: 'reconnecting', attempt: 3 },
  ],

  ['live in the first 2 s of a lost connection', lost({ lostAtMs: NOW_MS - 1_999 }), { name: 'live' }],
  [
    'reconnecting after 2 s',
    lost(),
    { name: 'reconnecting', attempt: 3, retryAtMs: NOW_MS + 4_000, reason: 'slow reader' },
  ],
  [
    'reconnecting while an attempt is under way',
    lost({ topic: { name: 'connecting', attempt: 2 } }),
    { name: 'reconnecting', attempt: 2, retryAtMs: null, reason: 'connection lost' },
  ],
  [
    'reconnecting when the first attempt after a sleep takes 2 s',
    lost({ topic: { name: 'connecting', attempt: 0 } }),
    { name: 'reconnecting', attempt: 1 },
  ],
  [
    'live while nobody looks at a lost connection',
    lost({ lostAtMs: NOW_MS - HOUR_MS, visibleSinceMs: null }),
    { name: 'live' },
  ],
  [
    'live in the first 2 s after somebody looks again',
    lost({ lostAtMs: NOW_MS - HOUR_MS, visibleSinceMs: NOW_MS - 1_999 }),
    { name: 'live' },
  ],
  [
    'reconnecting 2 s after somebody looks again',
    lost({ lostAtMs: NOW_MS - HOUR_MS, visibleSinceMs: NOW_MS - 2_000 }),
    { name: 'reconnecting' },
  ],
  ['live while it sleeps out of sight', lost({ topic: { name: 'asleep' }, visibleSinceMs: null }), { name: 'live' }],

  [
    'offline without a network',
    lost({ isOnline: false, lostAtMs: NOW_MS - 100 }),
    { name: 'offline', sinceMs: NOW_MS - 100 },
  ],
  ['offline from the start', lost({ isOnline: false, wasOpen: false }), { name: 'offline', sinceMs: null }],
  ['live while the connection stands, whatever the device thinks', inputs({ isOnline: false }), { name: 'live' }],

  [
    'in error when a ticket is refused',
    inputs({ topic: { name: 'closed', code: 4001, reason: 'x' } }),
    { name: 'error', code: 4001, cause: 'You are not signed in', canRetry: true },
  ],
  [
    'in error when the tier is forbidden',
    inputs({ topic: { name: 'closed', code: 4003, reason: 'x' } }),
    { name: 'error', code: 4003, canRetry: false },
  ],
  [
    'in error when the protocol is not spoken',
    inputs({ topic: { name: 'closed', code: 4015, reason: 'x' } }),
    { name: 'error', action: 'Reload the page' },
  ],
  [
    'in error when frames are refused',
    inputs({ topic: { name: 'closed', code: 4009, reason: 'x' } }),
    { name: 'error', canRetry: true },
  ],
  [
    'in error when the connection ended otherwise',
    inputs({ topic: { name: 'closed', code: null, reason: 'speaks version 2' } }),
    { name: 'error', code: null, cause: 'Connection ended: speaks version 2' },
  ],
  [
    'in error when its only filter is refused',
    inputs({ refused: { count: 1, code: 'bad_filter', message: 'too long' } }),
    { name: 'error', code: 'bad_filter', cause: 'The server refused the filter: too long', canRetry: false },
  ],
  [
    'live on its other filters when one is refused',
    inputs({ subscriptions: 2, refused: { count: 1, code: 'bad_filter', message: 'too long' } }),
    { name: 'live' },
  ],
  [
    'offline rather than refused',
    lost({ isOnline: false, refused: { count: 1, code: 'bad_filter', message: 'x' } }),
    { name: 'offline' },
  ],

  [
    'backfilling after a reconnect',
    inputs({ topic: { name: 'backfilling' }, backfilled: 12 }),
    { name: 'backfilling', received: 12 },
  ],

  [
    'stale without a heartbeat for more than twice its period',
    inputs(oldHeartbeat),
    { name: 'stale', heartbeatAtMs: NOW_MS - 30_001 },
  ],
  ['live with a heartbeat exactly twice its period ago', inputs({ heartbeatAtMs: NOW_MS - 30_000 }), { name: 'live' }],
  [
    'stale when none has come since it was connected',
    inputs({ heartbeatAtMs: null, openedAtMs: NOW_MS - 30_001 }),
    { name: 'stale', heartbeatAtMs: null },
  ],
  [
    'live while the first heartbeat may still come',
    inputs({ heartbeatAtMs: null, openedAtMs: NOW_MS - 30_000 }),
    { name: 'live' },
  ],
  [
    'live while the server has not said how often it beats',
    inputs({ ...oldHeartbeat, heartbeatMs: null }),
    { name: 'live' },
  ],
  [
    'quiet, not stale, in the first 2 s of a lost connection',
    lost({ lostAtMs: NOW_MS - 1_000, ...oldHeartbeat }),
    { name: 'quiet' },
  ],
  [
    'stale before and after regular trading',
    inputs({ ...oldHeartbeat, session: { ...trading, session: 'pre_market' } }),
    { name: 'stale' },
  ],
  ['stale when the calendar is not known', inputs({ ...oldHeartbeat, session: null }), { name: 'stale' }],
  [
    'stale at night while the producer streams',
    inputs({ ...oldHeartbeat, session: closed, isStreaming: true }),
    { name: 'stale' },
  ],
  [
    'not stale while the exchange is closed',
    inputs({ ...oldHeartbeat, session: closed, lastEventAtMs: NOW_MS - HOUR_MS }),
    { name: 'closed_market' },
  ],
  [
    'stale on the daily tier when the day’s patterns are overdue',
    inputs({ tier: 'daily', ...oldHeartbeat, session: closed, lastEventAtMs: NOW_MS - 6 * HOUR_MS }),
    { name: 'stale' },
  ],
  [
    'stale on the daily tier when none has ever come',
    inputs({ tier: 'daily', ...oldHeartbeat, session: closed, ...noEvents }),
    { name: 'stale' },
  ],
  [
    'quiet on the daily tier while nothing is due',
    inputs({ tier: 'daily', ...oldHeartbeat, lastEventAtMs: NOW_MS - 17 * HOUR_MS }),
    { name: 'quiet', heartbeatAtMs: NOW_MS - 30_001 },
  ],
  [
    'quiet, not live, on the daily tier without heartbeats, however new the last event',
    inputs({ tier: 'daily', ...oldHeartbeat }),
    { name: 'quiet' },
  ],
  [
    'not stale on the daily tier before any close is known',
    inputs({ tier: 'daily', ...oldHeartbeat, session: { ...trading, closedAtMs: null } }),
    { name: 'quiet' },
  ],

  [
    'empty when everything is hidden here',
    inputs({ held: 5, hidden: { local: 3, muted: 2, unrelated: 0 } }),
    { name: 'empty', local: 3, muted: 2, unrelated: 0, subscriptions: 1 },
  ],
  [
    'empty when nothing is related',
    inputs({ held: 5, hidden: { local: 0, muted: 0, unrelated: 5 } }),
    { name: 'empty', unrelated: 5 },
  ],
  [
    'empty when the filter lets nothing through',
    inputs({ held: 0, lastEventAtMs: null }),
    { name: 'empty', local: 0, muted: 0 },
  ],
  ['empty without a subscription', inputs({ ...noEvents, subscriptions: 0 }), { name: 'empty', subscriptions: 0 }],
  ['live with one row left', inputs({ held: 5, hidden: { local: 2, muted: 2, unrelated: 0 } }), { name: 'live' }],

  [
    'quiet when there is nothing yet',
    inputs(noEvents),
    { name: 'quiet', lastEventAtMs: null, heartbeatAtMs: NOW_MS - 3_000 },
  ],
  [
    'quiet on intraday after a minute',
    inputs({ lastEventAtMs: NOW_MS - MINUTE_MS - 1 }),
    { name: 'quiet', lastEventAtMs: NOW_MS - MINUTE_MS - 1 },
  ],
  ['live on intraday for a minute', inputs({ lastEventAtMs: NOW_MS - MINUTE_MS }), { name: 'live' }],
  [
    'live on combo for five minutes',
    inputs({ tier: 'combo', lastEventAtMs: NOW_MS - 5 * MINUTE_MS }),
    { name: 'live' },
  ],
  [
    'quiet on combo after that',
    inputs({ tier: 'combo', lastEventAtMs: NOW_MS - 5 * MINUTE_MS - 1 }),
    { name: 'quiet' },
  ],
  [
    'live on daily for fifteen minutes',
    inputs({ tier: 'daily', lastEventAtMs: NOW_MS - 15 * MINUTE_MS }),
    { name: 'live' },
  ],

  [
    'closed with the exchange',
    inputs({ session: { ...closed, holiday: 'Christmas Day' }, lastEventAtMs: NOW_MS - MINUTE_MS - 1 }),
    { name: 'closed_market', opensAtMs: NOW_MS + 12 * HOUR_MS, holiday: 'Christmas Day' },
  ],
  [
    'closed with the exchange when nothing ever came',
    inputs({ session: closed, ...noEvents }),
    { name: 'closed_market' },
  ],
  [
    'live at night while events come in',
    inputs({ session: closed, lastEventAtMs: NOW_MS - MINUTE_MS }),
    { name: 'live' },
  ],
];

describe('a column is', () => {
  it.each(CASES)('%s', (_, given, expected) => {
    expect(columnState(given)).toMatchObject(expected);
  });
});
