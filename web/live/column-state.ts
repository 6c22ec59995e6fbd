import { CLOSE_CODES } from '../../shared/codes.ts';
import type { Tier } from '../../shared/topics.ts';
import type { TopicState } from '../client/client.ts';
import type { SessionNow } from './calendar.ts';

/** What a column's header says, with what its words need. Times are epoch milliseconds, local clock. */
export type ColumnState =
  /** First open: nothing has come in yet. */
  | { readonly name: 'connecting'; readonly attempt: number }
  /**
   * Nothing to show although there are events: of those kept, so many are hidden by the local filter, because they are
   * muted, and because they are not related to what is selected; with all 0 the server's filter lets none through, or
   * (`subscriptions` 0) nothing is subscribed to.
   */
  | {
      readonly name: 'empty';
      readonly local: number;
      readonly muted: number;
      readonly unrelated: number;
      readonly subscriptions: number;
    }
  /** Nothing has come in for a while; `heartbeatAtMs` says whether the pipeline lives. */
  | { readonly name: 'quiet'; readonly lastEventAtMs: number | null; readonly heartbeatAtMs: number | null }
  /** The exchange is closed; `opensAtMs` null when the calendar does not reach so far. */
  | { readonly name: 'closed_market'; readonly opensAtMs: number | null; readonly holiday: string | null }
  | { readonly name: 'live' }
  /** Connected, and no bridge was heard of for too long; null = never. */
  | { readonly name: 'stale'; readonly heartbeatAtMs: number | null }
  /** Lost; `retryAtMs` null while an attempt is under way. */
  | {
      readonly name: 'reconnecting';
      readonly attempt: number;
      readonly retryAtMs: number | null;
      readonly reason: string;
    }
  /** Connected again; what was missed is coming in. */
  | { readonly name: 'backfilling'; readonly received: number }
  /** Ended: what happened and what can be done, in plain words, with the code for who asks for help. */
  | {
      readonly name: 'error';
      readonly code: number | string | null;
      readonly cause: string;
      readonly action: string;
      /** Whether trying again can help. */
      readonly canRetry: boolean;
    }
  /** The device has no network; what is here stays readable. */
  | { readonly name: 'offline'; readonly sinceMs: number | null };

export type ColumnStateName = ColumnState['name'];

/** What decides. Times are epoch milliseconds, local clock. */
export interface ColumnInputs {
  tier: Tier;
  nowMs: number;
  topic: TopicState;
  /** Since when the topic is neither `open` nor `backfilling`; null while it is. */
  lostAtMs: number | null;
  /** Whether the topic has been open before. */
  wasOpen: boolean;
  /** `navigator.onLine`. */
  isOnline: boolean;
  /** Since when the page can be seen; null while it cannot. */
  visibleSinceMs: number | null;
  /** When a bridge was alive last; null before the first heartbeat. */
  heartbeatAtMs: number | null;
  /** What the server announced; null before its greeting. */
  heartbeatMs: number | null;
  /** When the column was connected first; null before. */
  openedAtMs: number | null;
  /** Where the exchange stands; null = not known. */
  session: SessionNow | null;
  /** Whether the producer's streaming session is under way. */
  isStreaming: boolean;
  /** When the newest event came in; null when there is none. */
  lastEventAtMs: number | null;
  /** Subscriptions asked for, and how many of them the server has refused. */
  subscriptions: number;
  refused: { count: number; code: string; message: string } | null;
  /** Events kept, and those of them that are not shown, by reason. */
  held: number;
  hidden: { local: number; muted: number; unrelated: number };
  /** Whether the server has stored events at all, matching or not. */
  hasTape: boolean;
  /** Missed events that have come in so far. */
  backfilled: number;
}

/** A lost connection is told when it was tried again for so long while the page can be seen. */
const TELL_LOST_AFTER_MS = 2_000;
/** With the exchange closed, what has come in within so long is still shown as live. */
const LIVE_AFTER_CLOSE_MS = 60_000;
/** Without an event for so long a tier is quiet. */
const QUIET_AFTER_MS: Record<Tier, number> = { daily: 15 * 60_000, intraday: 60_000, combo: 5 * 60_000 };
/** Heartbeats whose absence makes data stale. */
const STALE_HEARTBEATS = 2;

/** The one place that decides which state a column is in; the first that applies, the gravest first. */
export function columnState(inputs: ColumnInputs): ColumnState {
  return (
    ended(inputs) ??
    lost(inputs) ??
    refused(inputs) ??
    catchingUp(inputs) ??
    stale(inputs) ??
    nothingShown(inputs) ??
    still(inputs) ?? { name: 'live' }
  );
}

function ended({ topic }: ColumnInputs): ColumnState | null {
  if (topic.name !== 'closed') return null;
  const advice = Object.entries(CLOSE_ADVICE).find(
    ([name]) => CLOSE_CODES[name as keyof typeof CLOSE_CODES].code === topic.code,
  );
  const { cause, action, canRetry } = advice?.[1] ?? {
    cause: `Connection ended: ${topic.reason}`,
    action: 'Reload the page',
    canRetry: true,
  };
  return { name: 'error', code: topic.code, cause, action, canRetry };
}

type CloseAdvice = { cause: string; action: string; canRetry: boolean };

/** The codes after which a client does not come back by itself. */
const CLOSE_ADVICE: Partial<Record<keyof typeof CLOSE_CODES, CloseAdvice>> = {
  ticket_invalid: { cause: 'You are not signed in', action: 'Sign in, then retry', canRetry: true },
  forbidden: {
    cause: 'You may not read this tier from here',
    action: 'Ask an administrator for access',
    canRetry: false,
  },
  bad_frame: { cause: 'The server could not read what this page sent', action: 'Reload the page', canRetry: true },
  unknown_protocol: { cause: 'This page is older than the server', action: 'Reload the page', canRetry: false },
};

function lost({ topic, lostAtMs, wasOpen, isOnline, visibleSinceMs, nowMs }: ColumnInputs): ColumnState | null {
  if (topic.name === 'open' || topic.name === 'backfilling' || topic.name === 'closed') return null;
  if (!isOnline) return { name: 'offline', sinceMs: wasOpen ? lostAtMs : null };
  const attempt = topic.name === 'asleep' ? 0 : topic.attempt;
  const triedForMs = visibleSinceMs === null || lostAtMs === null ? 0 : nowMs - Math.max(lostAtMs, visibleSinceMs);
  if (triedForMs >= TELL_LOST_AFTER_MS && (wasOpen || attempt > 0)) {
    const isWaiting = topic.name === 'reconnecting';
    return {
      name: 'reconnecting',
      attempt: Math.max(1, attempt),
      retryAtMs: isWaiting ? topic.retryAtMs : null,
      reason: isWaiting ? topic.reason : 'connection lost',
    };
  }
  return wasOpen ? null : { name: 'connecting', attempt };
}

/** Refused one and all; while others are in force the column runs on them. */
function refused({ refused, subscriptions }: ColumnInputs): ColumnState | null {
  if (refused === null || refused.count < subscriptions) return null;
  return {
    name: 'error',
    code: refused.code,
    cause: `The server refused the filter: ${refused.message}`,
    action: 'Change the filter',
    canRetry: false,
  };
}

function catchingUp({ topic, wasOpen, backfilled }: ColumnInputs): ColumnState | null {
  if (topic.name !== 'backfilling') return null;
  return wasOpen ? { name: 'backfilling', received: backfilled } : { name: 'connecting', attempt: 0 };
}

/** What heartbeats say counts while there is something to be late: trading, or the producer's own session. */
function stale(inputs: ColumnInputs): ColumnState | null {
  const isConnected = inputs.lostAtMs === null;
  return hasHeartbeat(inputs) || !isConnected || !isDue(inputs)
    ? null
    : { name: 'stale', heartbeatAtMs: inputs.heartbeatAtMs };
}

function hasHeartbeat({ heartbeatAtMs, heartbeatMs, openedAtMs, nowMs }: ColumnInputs): boolean {
  // A newcomer waits as long for the first as for any other.
  const since = heartbeatAtMs ?? openedAtMs;
  return since === null || heartbeatMs === null || nowMs - since <= STALE_HEARTBEATS * heartbeatMs;
}

function isDue({ tier, session, isStreaming, lastEventAtMs }: ColumnInputs): boolean {
  if (session === null) return true;
  // A day's patterns come once, after the close: they are late from then on, until they have come.
  if (tier === 'daily') return session.closedAtMs !== null && (lastEventAtMs ?? 0) < session.closedAtMs;
  return isStreaming || session.session !== 'closed';
}

function nothingShown({ held, hidden, hasTape, subscriptions }: ColumnInputs): ColumnState | null {
  const isShown = held > hidden.local + hidden.muted + hidden.unrelated;
  const isFiltered = subscriptions === 0 || held > 0 || hasTape;
  return isShown || !isFiltered ? null : { name: 'empty', ...hidden, subscriptions };
}

function still(inputs: ColumnInputs): ColumnState | null {
  const { tier, nowMs, session, lastEventAtMs, heartbeatAtMs } = inputs;
  const silentMs = lastEventAtMs === null ? Number.POSITIVE_INFINITY : nowMs - lastEventAtMs;
  if (session?.session === 'closed' && silentMs > LIVE_AFTER_CLOSE_MS) {
    return { name: 'closed_market', opensAtMs: session.opensAtMs, holiday: session.holiday };
  }
  if (silentMs <= QUIET_AFTER_MS[tier] && hasHeartbeat(inputs)) return null;
  return { name: 'quiet', lastEventAtMs, heartbeatAtMs };
}
