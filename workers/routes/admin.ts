import { Hono } from 'hono';
import * as z from 'zod';
import { TOPICS } from '../../shared/topics.ts';
import { DRAIN_WINDOW_MS } from '../core/drain-plan.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { Problem } from '../problem.ts';
import { readSignedBody } from '../signed-body.ts';

const drainSchema = z.strictObject({
  window_ms: z.int().min(DRAIN_WINDOW_MS.least).max(DRAIN_WINDOW_MS.most).default(DRAIN_WINDOW_MS.default),
});

/** `POST /api/admin/drain`: sends all sessions of all hubs away before a restart, signed as a batch is. */
export const admin = new Hono<AppEnv>().post('/drain', async c => {
  const { body } = await readSignedBody(c.req.raw, c.var.config.ingestSecret, Date.now());
  const { window_ms } = parseDrain(body);
  const answers = TOPICS.map(async topic => {
    const answer = await answerOf<number>(rootHub(c.env, topic).drain(window_ms));
    return [topic, 'value' in answer ? { sessions: answer.value } : answer] as const;
  });
  return c.json({ window_ms, topics: Object.fromEntries(await Promise.all(answers)) });
});

/** An empty body asks for the defaults. */
function parseDrain(body: Uint8Array): z.infer<typeof drainSchema> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body) || '{}');
  } catch {
    throw new Problem(422, 'schema', 'the body is not JSON');
  }
  const parsed = drainSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.code === 'unrecognized_keys' ? issue.keys[0]! : issue.path.join('.');
  throw new Problem(422, 'schema', `${field || 'body'}: ${issue.message}`, field);
}
