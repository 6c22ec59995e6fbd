import * as z from 'zod';
import {
  drainingSchema,
  errorSchema,
  gapSchema,
  heartbeatFrameSchema,
  helloSchema,
  liveFrameSchema,
  PING,
  PONG,
  replayFrameSchema,
  subscribedSchema,
  subscribeSchema,
  unsubscribedSchema,
  unsubscribeSchema,
} from '../../shared/client-protocol.ts';
import { SESSION_LIMITS } from '../../shared/limits.ts';
import { USER_LIMITS } from '../../shared/user-kinds.ts';
import {
  backtestFrameSchema,
  backtestRemovedFrameSchema,
  backtestsFrameSchema,
  changedSchema,
  changeMessageSchema,
  listBacktestsMessageSchema,
  userErrorSchema,
  userHelloSchema,
} from '../../shared/user-protocol.ts';
import { job, PATTERN } from './examples.ts';

/** A kind of frame, as it is written down. */
export interface Frame {
  name: string;
  sentBy: 'client' | 'server';
  summary: string;
  schema: z.ZodType;
  example: unknown;
}

const ping: Frame = {
  name: 'Ping',
  sentBy: 'client',
  summary: 'Plain text, to keep a connection. It is answered without waking the hub.',
  schema: z.literal(PING),
  example: PING,
};
const pong: Frame = {
  name: 'Pong',
  sentBy: 'server',
  summary: 'Plain text, the answer to a ping.',
  schema: z.literal(PONG),
  example: PONG,
};

const epoch = '4f405ada-93c5-4d11-a1be-2d6f0d4b8d11';
const sessionId = '88a5e0c2-41f7-4c39-9a59-7f0d5c1e2b3a';
const identity = { user_id: 'guest-3fe2b1c4-5d6e-4f70-8a91-b2c3d4e5f607', guest: true };
const filter = { kinds: ['pattern'], symbols: ['NVDA'] };

/** What goes over the WebSocket of a topic. */
export const TOPIC_FRAMES: readonly Frame[] = [
  {
    name: 'Subscribe',
    sentBy: 'client',
    summary:
      'Asks for the events that a filter lets through, under an `id` of the client’s; one in use is replaced. `snapshot`: ' +
      'first the newest so many that are stored. `resume`: first all after this position. `group`: shares events with the ' +
      'sessions that name the same.',
    schema: subscribeSchema,
    example: { type: 'subscribe', id: 'mine', filter: { symbols: ['NVDA'], confidence_min: 0.7 }, snapshot: 50 },
  },
  {
    name: 'Unsubscribe',
    sentBy: 'client',
    summary: 'Ends a subscription.',
    schema: unsubscribeSchema,
    example: { type: 'unsubscribe', id: 'mine' },
  },
  ping,
  {
    name: 'Hello',
    sentBy: 'server',
    summary: 'Comes first: where the tape stands, the limits of this session, and who the session is.',
    schema: helloSchema,
    example: {
      type: 'hello',
      protocol: 1,
      topic: 'daily',
      session_id: sessionId,
      epoch,
      head: 1234,
      oldest: 900,
      heartbeat_ms: 15_000,
      limits: SESSION_LIMITS,
      identity,
      server_at_ms: 1795205203502,
    },
  },
  {
    name: 'Subscribed',
    sentBy: 'server',
    summary:
      'The filter in normal form, and the position from which on this subscription gets live events. `recovered`: true: the ' +
      'resume is honoured; false: it is not, the snapshot follows instead; null: none was asked.',
    schema: subscribedSchema,
    example: { type: 'subscribed', id: 'mine', filter, position: { epoch, seq: 1234 }, recovered: null },
  },
  {
    name: 'Unsubscribed',
    sentBy: 'server',
    summary: 'The subscription has ended.',
    schema: unsubscribedSchema,
    example: { type: 'unsubscribed', id: 'mine' },
  },
  {
    name: 'LiveEvents',
    sentBy: 'server',
    summary:
      'Live events for the session. `head`: up to here it has been sent, or told of, all that matches. `withheld`: events ' +
      'that matched and were not sent, between `from` and `to`.',
    schema: liveFrameSchema,
    example: {
      type: 'events',
      epoch,
      head: 1290,
      events: [PATTERN],
      withheld: { from: 1241, to: 1288, rate_limited: 3, skipped: 2 },
    },
  },
  {
    name: 'BackfillEvents',
    sentBy: 'server',
    summary:
      'Stored events for one subscription, oldest first; `done` on its last frame, which comes even when it is empty.',
    schema: replayFrameSchema,
    example: { type: 'events', epoch, head: 1234, events: [PATTERN], replay: true, id: 'mine', done: true },
  },
  {
    name: 'Gap',
    sentBy: 'server',
    summary: 'Events of this time, by the hub’s clock, may never have reached it.',
    schema: gapSchema,
    example: {
      type: 'gap',
      epoch,
      seq: 1291,
      from: '2026-11-20T14:30:00.000Z',
      to: '2026-11-20T14:30:09.512Z',
      reason: 'redis_disconnected',
    },
  },
  {
    name: 'Heartbeat',
    sentBy: 'server',
    summary: 'A bridge is alive and hears Redis. None for 45 s: what is shown may be old.',
    schema: heartbeatFrameSchema,
    example: {
      type: 'heartbeat',
      head: 1291,
      last_event_at: '2026-11-20T14:30:12.004Z',
      bridge_at_ms: 1795205205689,
      bridges: 1,
      server_at_ms: 1795205205761,
    },
  },
  {
    name: 'Draining',
    sentBy: 'server',
    summary: 'The hub is about to be restarted and closes right after this. Come back in `retry_after_ms`.',
    schema: drainingSchema,
    example: { type: 'draining', retry_after_ms: 18_750 },
  },
  {
    name: 'Error',
    sentBy: 'server',
    summary: 'The message was refused and changed nothing; `id` is that of the message, when it had one.',
    schema: errorSchema,
    example: {
      type: 'error',
      id: 'mine',
      code: 'bad_filter',
      message: 'filter: Unrecognized key: "symbol"',
      retryable: false,
    },
  },
  pong,
];

const mute = { kind: 'mutes', id: 'TSLA', value: true };

/** What goes over the WebSocket of what is the user's own. */
export const USER_FRAMES: readonly Frame[] = [
  {
    name: 'Change',
    sentBy: 'client',
    summary: 'These items are to be so, all of them or none; value null: an item is to be no more.',
    schema: changeMessageSchema,
    example: { type: 'change', id: '7', changes: [{ kind: 'mutes', id: 'AAPL', value: true }] },
  },
  {
    name: 'ListBacktests',
    sentBy: 'client',
    summary: 'What are my backtests? Each that changes from then on is told in any case.',
    schema: listBacktestsMessageSchema,
    example: { type: 'backtests' },
  },
  ping,
  {
    name: 'UserHello',
    sentBy: 'server',
    summary: 'Comes first: all that is kept, and who the session is.',
    schema: userHelloSchema,
    example: {
      type: 'hello',
      protocol: 1,
      topic: 'me',
      session_id: sessionId,
      revision: 1795205203502,
      items: [mute],
      limits: {
        messages_per_second: SESSION_LIMITS.messages_per_second,
        message_burst: SESSION_LIMITS.message_burst,
        max_message_bytes: SESSION_LIMITS.max_message_bytes,
        max_items: USER_LIMITS.max_items,
        max_kind_bytes: USER_LIMITS.max_kind_bytes,
        max_user_bytes: USER_LIMITS.max_user_bytes,
        max_changes: USER_LIMITS.max_changes,
      },
      identity,
      server_at_ms: 1795205203600,
    },
  },
  {
    name: 'Changed',
    sentBy: 'server',
    summary: 'What is otherwise than before, whoever has changed it; `id` only to the session that sent the change.',
    schema: changedSchema,
    example: { type: 'changed', revision: 1795205204711, changes: [{ ...mute, value: null }], id: '7' },
  },
  {
    name: 'Backtests',
    sentBy: 'server',
    summary: 'The user’s backtests, the newest first; to the session that asked.',
    schema: backtestsFrameSchema,
    example: { type: 'backtests', jobs: [job] },
  },
  {
    name: 'Backtest',
    sentBy: 'server',
    summary: 'A backtest is new, or otherwise than before.',
    schema: backtestFrameSchema,
    example: { type: 'backtest', job },
  },
  {
    name: 'BacktestRemoved',
    sentBy: 'server',
    summary: 'A backtest was taken from the list.',
    schema: backtestRemovedFrameSchema,
    example: { type: 'backtest_removed', job_id: job.job_id },
  },
  {
    name: 'UserError',
    sentBy: 'server',
    summary: 'The change was refused and changed nothing; `field` names what of it is at fault.',
    schema: userErrorSchema,
    example: {
      type: 'error',
      id: '8',
      code: 'over_limit',
      field: 'changes.0',
      message: 'a user has at most 100 views',
      retryable: false,
    },
  },
  pong,
];
