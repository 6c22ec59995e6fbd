import { clientMessageSchema, type Subscribe } from '../../shared/client-protocol.ts';
import type { ErrorCode } from '../../shared/codes.ts';
import { normaliseFilter } from '../../shared/filter.ts';
import { excessOf } from '../../shared/filter-limits.ts';
import { SESSION_LIMITS } from '../../shared/limits.ts';
import type { Topic } from '../../shared/topics.ts';
import { frameOf } from '../core/frames.ts';
import { idOf, readMessage } from '../core/read-message.ts';
import type { Backfills } from './backfills.ts';
import type { Counters } from './counters.ts';
import type { Flusher } from './flusher.ts';
import { MAX_ATTACHMENT_BYTES, type Session, type Sessions, type SubscriptionTerms } from './sessions.ts';
import type { Sockets } from './sockets.ts';
import type { TapeReader } from './tape-reader.ts';

/** What handling a client's message needs of the hub. */
export interface MessageContext {
  topic: Topic;
  /** Whether other objects have sessions of this topic too. */
  isShared: boolean;
  tape: TapeReader;
  sessions: Sessions;
  sockets: Sockets;
  flusher: Flusher;
  backfills: Backfills;
  counters: Counters;
}

/**
 * Answers one message of a client. Whatever is wrong with it is told in an `error` frame and changes nothing; only a
 * client that cannot be talked to (too large, twice not JSON, far too fast) is closed.
 */
export function handleMessage(
  hub: MessageContext,
  session: Session,
  message: string | ArrayBuffer,
  nowMs: number,
): void {
  hub.sessions.heard(session, nowMs);
  const read = readMessage(session, message, nowMs);
  if ('close' in read) {
    hub.sockets.close(session, read.close);
    return;
  }
  if ('refuse' in read) {
    refuse(hub, session, read.refuse, read.message);
    return;
  }
  const checked = clientMessageSchema.safeParse(read.value);
  if (!checked.success) {
    const issue = checked.error.issues[0]!;
    const code = issue.path[0] === 'filter' ? 'bad_filter' : 'bad_message';
    refuse(hub, session, code, `${issue.path.join('.') || 'message'}: ${issue.message}`, idOf(read.value));
    return;
  }
  if (checked.data.type === 'subscribe') {
    subscribe(hub, session, checked.data);
  } else if (session.subscriptions.has(checked.data.id)) {
    hub.sessions.unsubscribe(session, checked.data.id);
    hub.sockets.send(session, frameOf({ type: 'unsubscribed', id: checked.data.id }));
  } else {
    refuse(hub, session, 'unknown_subscription', 'no subscription has this id', checked.data.id);
  }
}

function subscribe(hub: MessageContext, session: Session, request: Subscribe): void {
  const { id, resume, snapshot = 0, group = null } = request;
  if (group !== null && (resume || snapshot > 0)) {
    refuse(hub, session, 'bad_message', 'group: takes no resume or snapshot', id);
    return;
  }
  if (group !== null && hub.isShared) {
    // Its members would be in several objects, none of which knows all of them.
    refuse(hub, session, 'bad_message', 'group: this topic has replicas, which share no groups', id);
    return;
  }
  if (!session.subscriptions.has(id) && session.subscriptions.size >= SESSION_LIMITS.max_subscriptions) {
    const message = `max_subscriptions: a session has at most ${SESSION_LIMITS.max_subscriptions}`;
    refuse(hub, session, 'too_many_subscriptions', message, id);
    return;
  }
  const filter = normaliseFilter(hub.topic, request.filter ?? {});
  const position = session.behindAt ?? hub.flusher.flushed;
  const recovered = resume ? canResume(hub, resume) : null;
  const terms = { filter, group, since: recovered ? Math.min(resume!.seq, position) : position };
  const excess = excessWith(hub, session, id, terms);
  if (excess) {
    refuse(hub, session, 'bad_filter', excess, id);
    return;
  }

  hub.sessions.subscribe(session, id, terms);
  const answer = { type: 'subscribed', id, filter, position: { epoch: hub.tape.epoch, seq: position }, recovered };
  hub.sockets.send(session, frameOf(answer));
  if (resume || snapshot > 0) {
    // A session that is behind may have been further once; what comes after its position it then gets again.
    const read = recovered
      ? { snapshot: null, cursor: resume!.seq, until: Math.max(position, resume!.seq) }
      : { snapshot: { limit: snapshot, found: [], below: position + 1 }, cursor: 0, until: position };
    hub.backfills.start(session, { subscription: id, filter, ...read });
  }
  hub.sessions.save(session);
}

/** Only when every event after the position is still there, and the position was one that this tape gave. */
function canResume({ tape, flusher }: MessageContext, resume: { epoch: string; seq: number }): boolean {
  return resume.epoch === tape.epoch && resume.seq <= flusher.flushed && resume.seq + 1 >= tape.oldest;
}

/** Which limit the session would pass with this subscription, in words; null = none. */
function excessWith(
  { sessions }: MessageContext,
  session: Session,
  id: string,
  terms: SubscriptionTerms,
): string | null {
  const others = [...session.subscriptions].filter(([other]) => other !== id).map(([, { filter }]) => filter);
  const excess = excessOf([...others, terms.filter]);
  if (excess) return excess;
  const stored = sessions.attachmentBytesWith(session, id, terms);
  if (stored > MAX_ATTACHMENT_BYTES)
    return `max_filter_bytes: ${stored} bytes with ids and groups, at most ${MAX_ATTACHMENT_BYTES}`;
  return null;
}

function refuse(hub: MessageContext, session: Session, code: ErrorCode, message: string, id?: string): void {
  hub.counters.countClientError(code);
  const answer = { type: 'error', ...(id !== undefined && { id }), code, message, retryable: code === 'rate_limited' };
  hub.sockets.send(session, frameOf(answer));
}
