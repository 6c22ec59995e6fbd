import type { ExplainNote, Explanation, MissingEvent } from '../../shared/api/explain.ts';
import type { Event } from '../../shared/events.ts';
import type { Filter } from '../../shared/filter.ts';
import { hopsOf } from '../../shared/hops.ts';
import { judge } from '../../shared/judge.ts';
import type { Topic } from '../../shared/topics.ts';
import { notesOf, sessionNotesOf } from '../core/explain-notes.ts';
import type { Remembered } from '../core/reach.ts';
import { readerState } from '../core/slow-reader.ts';
import type { Serving } from './serving.ts';
import type { Session } from './sessions.ts';
import type { StoredGap, Tape, TapeRow, TracedRow } from './tape.ts';
import { deliveryOf, routingOf } from './trace.ts';

export interface ExplainQuery {
  event: { seq: number } | { id: string };
  /** A filter in normal form, or the session whose subscriptions are meant. */
  asker: { filter: Filter } | { sessionId: string };
}

/** An explanation, or what there is not. */
export type Explained = { explanation: Explanation } | { missing: MissingEvent } | { noSession: true };

/** An event on the tape with what became of it, or why there is none; `remembered` is null when that is not known. */
export type Stored = { epoch: string; row: TracedRow; remembered: Remembered | null } | { missing: MissingEvent };

export interface ExplainParts {
  topic: Topic;
  /** The sessions of the object that explains. */
  serving: Pick<Serving, 'sessions' | 'sockets' | 'flusher'>;
  eventsPerSecond: number;
}

/** Why an event was, or was not, for a filter or a session: all that this hub knows of it, and nothing that it guesses. */
export function explain(parts: ExplainParts, query: ExplainQuery, stored: Stored, nowMs: number): Explained {
  const { topic, serving, eventsPerSecond } = parts;
  const { asker } = query;
  const session = 'sessionId' in asker ? serving.sessions.byId(asker.sessionId) : null;
  if (session === undefined) return { noSession: true };
  if ('missing' in stored) return stored;
  const { epoch, row, remembered } = stored;
  const event: Event = JSON.parse(row.body);
  const subscriptions = 'filter' in asker ? [{ ...ALONE, filter: asker.filter }] : subscriptionsOf(session!);
  const judged = subscriptions.map(subscription => ({ ...subscription, ...judge(subscription.filter, row.view) }));
  const told = {
    subscriptions: judged,
    matches: judged.some(({ matches }) => matches),
    routing: routingOf(row),
    delivery: deliveryOf(remembered),
  };
  const facts = { ...told, isFlushed: row.seq <= serving.flusher.flushed, eventsPerSecond };
  return {
    explanation: {
      topic,
      epoch,
      event,
      ...told,
      hops: hopsOf(event, remembered?.flush?.atMs),
      explained_at_ms: nowMs,
      session: session && sessionOf(parts, session, { epoch, seq: row.seq, nowMs }),
      notes: [...notesOf(facts), ...(session ? sessionNotes(parts, session, { epoch, row, told: judged, nowMs }) : [])],
    },
  };
}

const ALONE = { id: null, group: null, since: null };
/** Gaps that a 404 tells at most. */
const MAX_TOLD_GAPS = 5;

function subscriptionsOf({ subscriptions }: Session) {
  return [...subscriptions].map(([id, { filter, group, since }]) => ({ id, filter, group, since }));
}

function sessionOf(
  { serving: { flusher, sockets }, eventsPerSecond }: ExplainParts,
  session: Session,
  { epoch, seq, nowMs }: { epoch: string; seq: number; nowMs: number },
): NonNullable<Explanation['session']> {
  const { identity, behindAt, blockedSinceMs, socket } = session;
  return {
    session_id: session.id,
    user_id: identity.user_id,
    guest: identity.guest,
    since: session.since,
    state: behindAt === null ? 'live' : 'behind',
    position: { epoch, seq: behindAt ?? flusher.flushed },
    backfills: session.backfills.map(({ subscription, cursor, until }) => ({ subscription, reached: cursor, until })),
    blocked_ms: blockedSinceMs === null ? null : Math.max(0, nowMs - blockedSinceMs),
    buffered_bytes: socket.bufferedAmount,
    reader: readerState(socket.bufferedAmount, sockets.queuedBytes(nowMs)),
    events_per_second: eventsPerSecond,
    withheld: session.withheld.filter(({ from, to }) => from <= seq && seq <= to),
  };
}

function sessionNotes(
  parts: ExplainParts,
  session: Session,
  { epoch, row, told, nowMs }: { epoch: string; row: TapeRow; told: Explanation['subscriptions']; nowMs: number },
): ExplainNote[] {
  return sessionNotesOf({
    seq: row.seq,
    subscriptions: told,
    isFor: parts.serving.flusher.isFor(session, row),
    session: sessionOf(parts, session, { epoch, seq: row.seq, nowMs }),
  });
}

/** Why there is no such event on the tape. */
export function missingOf(tape: Tape, event: ExplainQuery['event']): MissingEvent {
  const oldestAtMs = tape.receivedAtMs(tape.oldest);
  const gaps = (fromMs: number, toMs: number) => tape.readGaps({ fromMs, toMs, limit: MAX_TOLD_GAPS });
  const { head, oldest } = tape;
  const ends = { head, oldest, oldest_received_at: oldestAtMs === null ? null : new Date(oldestAtMs).toISOString() };
  if ('seq' in event) {
    const { seq } = event;
    if (seq > head) return { why: 'ahead', ...ends, gaps: [] };
    if (seq < oldest) return { why: 'expired', ...ends, gaps: [] };
    return { why: 'gap', ...ends, gaps: gaps(0, Number.MAX_SAFE_INTEGER).filter((gap: StoredGap) => gap.seq === seq) };
  }
  const atMs = receivedAtOf(event.id);
  if (atMs === null) return { why: 'unknown', ...ends, gaps: gaps(0, Number.MAX_SAFE_INTEGER) };
  return { why: oldestAtMs !== null && atMs < oldestAtMs ? 'expired' : 'unknown', ...ends, gaps: gaps(atMs, atMs) };
}

/** The time in the id of an event that came without the producer's. */
function receivedAtOf(id: string): number | null {
  const [, digits] = /@(\d{1,15})$/.exec(id) ?? [];
  return digits === undefined ? null : Number(digits);
}
