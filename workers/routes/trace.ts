import type { Context } from 'hono';
import type { Trace, Traces } from '../../shared/api/trace.ts';
import { noParameters } from '../../shared/requests/parameters.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readableTopics } from '../middleware/rights.ts';
import { Problem } from '../problem.ts';
import { readQuery } from './parameters.ts';

/** `GET /api/trace/:id`: how an event came onto the tapes that have it, and what became of it; all hubs are asked. */
export async function trace(c: Context<AppEnv>): Promise<Response> {
  readQuery(c, noParameters);
  const id = c.req.param('id')!;
  const answers = await Promise.all(
    readableTopics(c).map(async topic => {
      return { topic, ...(await answerOf<Trace | null>(rootHub(c.env, topic).readTrace(id))) };
    }),
  );
  const traces = answers.flatMap(answer => ('value' in answer && answer.value ? [answer.value] : []));
  const missing = answers.filter(answer => 'error' in answer).map(({ topic }) => topic);
  if (traces.length > 0) return c.json({ id, traces, missing } satisfies Traces);
  if (missing.length === 0) {
    throw new Problem(404, 'not_found', 'id: no tape has an event of this id: it never came, or is older', 'id');
  }
  throw new Problem(503, 'hub_unavailable', `no answer from ${missing.join(', ')}; the others do not have it`);
}
