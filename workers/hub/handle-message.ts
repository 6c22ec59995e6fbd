import { clientMessageSchema, type Subscribe } from '../../shared/client-protocol.ts';
import type { ErrorCode } from '../../shared/codes.ts';
import { countFilterValues, type Filter, normaliseFilter } from '../../shared/filter.ts';
import { SESSION_LIMITS } from '../../shared/limits.ts';
import type { Topic } from '../../shared/topics.ts';
import { idOf, readMessage, sizeOf } from '../core/read-message.ts';
import type { Backfills } from './backfills.ts';
import type { Counters } from './counters.ts';
import type { Flusher } from './flusher.ts';
import { MAX_ATTACHMENT_BYTES, type Session, type Sessions } from './sessions.ts';
import type { Sockets } from './sockets.ts';
import type { Tape } from './tape.ts';

/** What handling a client's message needs of the hub. */
export interface MessageContext {
  topic: Topic;
  tape: Tape;
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
    hub.sockets.send(session, JSON.stringify({ type: 'unsubscribed', id: checked.data.id }));
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
  if (!session.subscriptions.has(id) && session.subscriptions.size >= SESSION_LIMITS.max_subscriptions) {
    const message = `max_subscriptions: a session has at most ${SESSION_LIMITS.max_subscriptions}`;
    refuse(hub, session, 'too_many_subscriptions', message, id);
    return;
  }
  const filter = normaliseFilter(hub.topic, request.filter ?? {});
  const excess = excessOf(hub, session, id, filter, group);
  if (excess) {
    refuse(hub, session, 'bad_filter', excess, id);
    return;
  }

  hub.sessions.subscribe(session, id, filter, group);
  const position = session.behindAt ?? hub.flusher.flushed;
  const recovered = resume ? canResume(hub, resume) : null;
  const answer = { type: 'subscribed', id, filter, position: { epoch: hub.tape.epoch, seq: position }, recovered };
  hub.sockets.send(session, JSON.stringify(answer));
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

/** Which limit the session's filters would pass with this one, in words; null = none. */
function excessOf(
  { sessions }: MessageContext,
  session: Session,
  id: string,
  filter: Filter,
  group: string | null,
): string | null {
  const others = [...session.subscriptions].filter(([other]) => other !== id).map(([, { filter }]) => filter);
  const filters = [...others, filter];
  const values = filters.reduce((sum, each) => sum + countFilterValues(each), 0);
  const { max_filter_values, max_filter_bytes } = SESSION_LIMITS;
  if (values > max_filter_values) return `max_filter_values: ${values} listed values, at most ${max_filter_values}`;
  const bytes = filters.reduce((sum, each) => sum + sizeOf(JSON.stringify(each)), 0);
  if (bytes > max_filter_bytes) return `max_filter_bytes: ${bytes} bytes of JSON, at most ${max_filter_bytes}`;
  const stored = sessions.attachmentBytesWith(session, id, filter, group);
  if (stored > MAX_ATTACHMENT_BYTES)
    return `max_filter_bytes: ${stored} bytes with ids and groups, at most ${MAX_ATTACHMENT_BYTES}`;
  return null;
}

function refuse(hub: MessageContext, session: Session, code: ErrorCode, message: string, id?: string): void {
  hub.counters.countClientError(code);
  const answer = { type: 'error', ...(id !== undefined && { id }), code, message, retryable: code === 'rate_limited' };
  hub.sockets.send(session, JSON.stringify(answer));
}
