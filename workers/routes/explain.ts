import type { Context } from 'hono';
import type { MissingEvent } from '../../shared/api/explain.ts';
import { normaliseFilter } from '../../shared/filter.ts';
import { explainQuerySchema } from '../../shared/requests/explain.ts';
import type { Topic } from '../../shared/topics.ts';
import type { Explained, ExplainQuery } from '../hub/explain.ts';
import { nodeOfSession } from '../hub/serving.ts';
import { nodeHub, requiredOf } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { requireTopic } from '../middleware/rights.ts';
import { Problem } from '../problem.ts';
import { readQuery } from './parameters.ts';

/** `GET /api/explain`: clause by clause why an event on the tape was, or was not, for a filter or a session. */
export async function explain(c: Context<AppEnv>): Promise<Response> {
  const { topic, seq, id, session, ...wanted } = readQuery(c, explainQuerySchema);
  requireTopic(c, topic);
  const query: ExplainQuery = {
    event: eventOf(seq, id),
    asker: session === undefined ? { filter: normaliseFilter(topic, wanted) } : sessionOf(session, wanted),
  };
  // A session is known where its socket is.
  const named = session === undefined ? 0 : nodeOfSession(session);
  const hub = nodeHub(c.env, topic, named <= c.var.config.replicas[topic] ? named : 0);
  const explained = await requiredOf<Explained>(hub.explain(query) as unknown as Promise<Explained>);
  if ('noSession' in explained) {
    const detail = `session: no such session is connected to ${topic}; one that closed is forgotten`;
    throw new Problem(404, 'not_found', detail, 'session');
  }
  if ('missing' in explained) throw missingProblem(topic, query.event, explained.missing);
  return c.json(explained.explanation);
}

function eventOf(seq: number | undefined, id: string | undefined): ExplainQuery['event'] {
  if (seq !== undefined && id !== undefined) throw bad('id', 'goes not with seq: either names the event');
  if (seq !== undefined) return { seq };
  if (id !== undefined) return { id };
  throw bad('seq', 'expected it, or id');
}

function sessionOf(sessionId: string, wanted: object): ExplainQuery['asker'] {
  const [parameter] = Object.keys(wanted);
  if (parameter !== undefined) throw bad(parameter, 'goes not with session, whose own filters are meant');
  return { sessionId };
}

function bad(field: string, detail: string): Problem {
  return new Problem(400, 'bad_parameter', `${field}: ${detail}`, field);
}

function missingProblem(topic: Topic, event: ExplainQuery['event'], missing: MissingEvent): Problem {
  const field = 'seq' in event ? 'seq' : 'id';
  const name = 'seq' in event ? event.seq : 'of this id';
  return new Problem(
    404,
    'not_found',
    `${field}: there is no event ${name} on the tape of ${topic}: ${reasonOf(missing)}`,
    field,
    { extension: missing },
  );
}

function reasonOf({ why, head, oldest, oldest_received_at, gaps }: MissingEvent): string {
  if (why === 'ahead') return head === 0 ? 'it is empty' : `it ends with ${head}`;
  const since = oldest_received_at === null ? '' : `, which came in at ${oldest_received_at}`;
  if (why === 'expired') return `what it keeps begins with ${oldest}${since}`;
  if (why === 'gap') return `in its place it tells that events from ${gaps[0]?.from} to ${gaps[0]?.to} may be missing`;
  const told =
    gaps.length === 0 ? '' : `; what was published from ${gaps[0]!.from} to ${gaps[0]!.to} may never have come`;
  return `it never came here, or before the oldest that is kept, ${oldest}${since}${told}`;
}
