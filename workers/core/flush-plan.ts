import type { Withheld } from '../../shared/client-protocol.ts';
import type { Addressed, Audience, LiveSessions } from './audience.ts';
import { type Frame, liveFrames, type WireEvent } from './frames.ts';
import type { Reach } from './reach.ts';

/** An event that waits for the flush. */
export interface PendingEvent extends Addressed, WireEvent {
  /** 0 low .. 3 critical. */
  rank: number;
  /** Events with the same are about the same thing: a reader that lags gets only the newest. */
  thinBy: string;
  /** Starts at nothing; counted up by the plan. */
  reach: Reach;
}

export const CRITICAL_RANK = 3;

/** What a session's state lets through in this flush. */
export interface Allowance {
  /** How many more events its budget has, of ordinary and of CRITICAL ones. */
  ordinary: number;
  critical: number;
  /** It reads slowly: only the newest of each thing. */
  thinned: boolean;
}

/** What one session is sent. */
export interface Delivery {
  session: number;
  /** In the order in which they are sent; the same list for all who match alike. */
  frames: readonly Frame[];
  /** That are in them; the same list likewise. */
  events: readonly PendingEvent[];
  ordinary: number;
  critical: number;
  withheld: Withheld | undefined;
}

/** A set of a flush's events that some sessions match alike; frames are made once for all that get all of it. */
interface Selection {
  events: readonly PendingEvent[];
  critical: number;
  frames: Frame[] | null;
  thinned: Selection | null;
}

/**
 * Decides what each session is sent in a flush.
 *
 * Sessions that match the same events form a selection, found by following, event by event, from what a session matched
 * so far to that with this event added: one map look-up per match, and a frame is serialised once per selection, not
 * once per session.
 *
 * Of each event it counts whom it reaches, in the event's `reach`.
 *
 * @param events in seq order
 * @param allow asked once per session that matches anything; null = it gets nothing (it is being closed)
 */
export function planFlush(
  flush: { epoch: string; head: number },
  events: readonly PendingEvent[],
  audience: Audience,
  live: LiveSessions,
  allow: (session: number) => Allowance | null,
): Delivery[] {
  const selections = new Map<Match, Selection>();
  const deliveries: Delivery[] = [];
  for (const [session, match] of matchesBySession(events, audience, live)) {
    const allowance = allow(session);
    if (!allowance) {
      for (const { reach } of eventsOf(match)) reach.closed++;
      continue;
    }
    let selection = selections.get(match);
    if (!selection) {
      selection = selectionOf(eventsOf(match));
      selections.set(match, selection);
    }
    deliveries.push(deliver(flush, session, selection, allowance));
  }
  return deliveries;
}

/** The newest event a session matched, and what it had matched before: shared by all sessions that matched alike. */
interface Match {
  event: PendingEvent;
  before: Match | null;
}

function matchesBySession(events: readonly PendingEvent[], audience: Audience, live: LiveSessions): Map<number, Match> {
  const bySession = new Map<number, Match>();
  for (const event of events) {
    const count = audience.find(event, live);
    event.reach.matched = count;
    const extended = new Map<Match | null, Match>();
    for (let i = 0; i < count; i++) {
      const session = audience.sessions[i]!;
      const before = bySession.get(session) ?? null;
      let match = extended.get(before);
      if (!match) {
        match = { event, before };
        extended.set(before, match);
      }
      bySession.set(session, match);
    }
  }
  return bySession;
}

function eventsOf(match: Match): PendingEvent[] {
  const events: PendingEvent[] = [];
  for (let at: Match | null = match; at; at = at.before) events.push(at.event);
  return events.reverse();
}

function selectionOf(events: readonly PendingEvent[]): Selection {
  return { events, critical: countCritical(events), frames: null, thinned: null };
}

function countCritical(events: readonly PendingEvent[]): number {
  return events.reduce((count, { rank }) => count + (rank === CRITICAL_RANK ? 1 : 0), 0);
}

function deliver(
  flush: { epoch: string; head: number },
  session: number,
  matched: Selection,
  allowance: Allowance,
): Delivery {
  const selection = allowance.thinned ? thinnedOf(matched) : matched;
  const skipped = matched.events.length - selection.events.length;
  const ordinary = selection.events.length - selection.critical;
  const fits = ordinary <= allowance.ordinary && selection.critical <= allowance.critical;
  if (fits && skipped === 0) {
    selection.frames ??= liveFrames(flush, criticalFirst(selection.events));
    const { events, critical } = selection;
    return { session, frames: selection.frames, events, ordinary, critical, withheld: undefined };
  }
  const sent = fits ? selection.events : withinBudget(selection.events, allowance);
  const unskipped = skipped === 0 ? null : new Set(selection.events);
  const withheld = tell(matched.events, new Set(sent), unskipped);
  const critical = countCritical(sent);
  const frames = liveFrames(flush, criticalFirst(sent), withheld);
  return { session, frames, events: sent, ordinary: sent.length - critical, critical, withheld };
}

function thinnedOf(selection: Selection): Selection {
  if (selection.thinned) return selection.thinned;
  const newest = new Map(selection.events.map(event => [event.thinBy, event]));
  const kept = selection.events.filter(event => newest.get(event.thinBy) === event);
  selection.thinned = kept.length === selection.events.length ? selection : selectionOf(kept);
  return selection.thinned;
}

/** Short of budget the lowest priority goes first, and among equals the latest; CRITICAL has its own budget. */
function withinBudget(events: readonly PendingEvent[], { ordinary, critical }: Allowance): PendingEvent[] {
  const byUrgency = events.toSorted((a, b) => b.rank - a.rank || a.seq - b.seq);
  const left = { ordinary, critical };
  const kept = byUrgency.filter(({ rank }) => left[rank === CRITICAL_RANK ? 'critical' : 'ordinary']-- > 0);
  return kept.sort((a, b) => a.seq - b.seq);
}

/** @param unskipped what is left after thinning out; null = all of it */
function tell(
  matched: readonly PendingEvent[],
  sent: ReadonlySet<PendingEvent>,
  unskipped: ReadonlySet<PendingEvent> | null,
): Withheld {
  const missing = matched.filter(event => !sent.has(event));
  const withheld = { from: missing[0]!.seq, to: missing.at(-1)!.seq, rate_limited: 0, skipped: 0 };
  for (const event of missing) {
    const reason = (unskipped?.has(event) ?? true) ? 'rate_limited' : 'skipped';
    withheld[reason]++;
    event.reach[reason]++;
  }
  return withheld;
}

function criticalFirst(events: readonly PendingEvent[]): PendingEvent[] {
  return [
    ...events.filter(({ rank }) => rank === CRITICAL_RANK),
    ...events.filter(({ rank }) => rank !== CRITICAL_RANK),
  ];
}
