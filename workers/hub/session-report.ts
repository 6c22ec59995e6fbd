import type { SessionReport } from '../../shared/api/sessions.ts';
import type { Topic } from '../../shared/topics.ts';
import { slowest } from '../core/slowest.ts';
import type { Session } from './sessions.ts';

/** What a hub tells of its sessions: of some, and how many there are. */
export interface HubSessions {
  total: number;
  sessions: SessionReport[];
  /** Objects that gave no answer: what they have is not in this. */
  unanswered: number;
}

/** What several objects of a topic tell, as one: of all their sessions the slowest. */
export function mergeSessions(told: readonly HubSessions[], limit: number): HubSessions {
  return {
    total: told.reduce((sum, { total }) => sum + total, 0),
    sessions: slowest(
      told.flatMap(({ sessions }) => sessions),
      limit,
    ),
    unanswered: told.reduce((sum, { unanswered }) => sum + unanswered, 0),
  };
}

/** More subscriptions, and longer filters, would make an answer about many sessions a long one. */
const MAX_SUBSCRIPTIONS = 8;
const MAX_FILTER_CHARS = 500;

/**
 * What an operator may know of a session.
 * @param hub.flushed the newest seq that live sessions were handed
 * @param hub.heardAtMs when the session gave its last sign of life
 */
export function sessionReport(
  session: Session,
  hub: { topic: Topic; flushed: number; heardAtMs: number },
): SessionReport {
  const position = session.behindAt ?? hub.flushed;
  const subscriptions = [...session.subscriptions].slice(0, MAX_SUBSCRIPTIONS);
  return {
    session_id: session.id,
    topic: hub.topic,
    user_id: session.identity.user_id,
    guest: session.identity.guest,
    opened_at: new Date(session.openedAtMs).toISOString(),
    heard_at: new Date(hub.heardAtMs).toISOString(),
    subscriptions: subscriptions.map(([id, { filter, group }]) => ({
      id,
      filter: JSON.stringify(filter).length > MAX_FILTER_CHARS ? null : filter,
      group,
    })),
    subscriptions_total: session.subscriptions.size,
    position,
    behind: hub.flushed - position,
    queued_bytes: session.socket.bufferedAmount,
    counted_since: new Date(session.countedSinceMs).toISOString(),
    delivered: session.delivered,
    backfilled: session.backfilled,
    withheld: { ...session.withheldCounts },
  };
}
