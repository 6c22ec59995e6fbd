import { Hono } from 'hono';
import type { Sessions } from '../../shared/api/sessions.ts';
import { sessionsQuerySchema } from '../../shared/requests/sessions.ts';
import { TOPICS } from '../../shared/topics.ts';
import { type HubSessions, mergeSessions } from '../hub/session-report.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { Problem } from '../problem.ts';
import { readQuery } from './parameters.ts';

/** `GET /api/sessions`: who is connected to the topics, the slowest readers first. */
export const sessions = new Hono<AppEnv>().get('/', async c => {
  const { topic: only, limit = 50 } = readQuery(c, sessionsQuerySchema);
  const topics = only ? [only] : TOPICS;
  const answers = await Promise.all(
    topics.map(async topic => ({
      topic,
      answer: await answerOf<HubSessions>(rootHub(c.env, topic).readSessions(limit)),
    })),
  );
  const hubs = answers.flatMap(({ answer }) => ('value' in answer ? [answer.value] : []));
  if (hubs.length === 0) throw new Problem(503, 'hub_unavailable', 'no hub gave an answer');
  const { total, sessions: found } = mergeSessions(hubs, limit);
  const body: Sessions = {
    generated_at: new Date().toISOString(),
    total,
    sessions: found,
    left_out: total - found.length,
    missing: answers.flatMap(({ topic, answer }) =>
      'value' in answer && answer.value.unanswered === 0 ? [] : [topic],
    ),
  };
  return c.json(body);
});
