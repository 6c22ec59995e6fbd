import { type Context, Hono } from 'hono';
import type * as z from 'zod';
import type { Drain } from '../../shared/api/drain.ts';
import { SIGNATURE_HEADER } from '../../shared/ingest-protocol.ts';
import { MAX_INGEST_BODY_BYTES } from '../../shared/limits.ts';
import { drainBodySchema } from '../../shared/requests/drain.ts';
import { TOPICS } from '../../shared/topics.ts';
import { readBody } from '../body.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { withIdentity } from '../middleware/identity.ts';
import { requireAdmin } from '../middleware/rights.ts';
import { Problem } from '../problem.ts';
import { readSignedBody } from '../signed-body.ts';

/**
 * `POST /api/admin/drain`: sends all sessions of all hubs away before a restart. Signed as a batch is, or with an admin's
 * token.
 */
export const admin = new Hono<AppEnv>().post('/drain', async c => {
  const body = await readOperatorsBody(c);
  const { window_ms } = parseDrain(body);
  const answers = TOPICS.map(async topic => {
    const answer = await answerOf<number>(rootHub(c.env, topic).drain(window_ms));
    return [topic, 'value' in answer ? { sessions: answer.value } : answer] as const;
  });
  const answer: Drain = { window_ms, topics: Object.fromEntries(await Promise.all(answers)) };
  return c.json(answer);
});

/** @throws Problem 413, Denial 401 or 403 when it is no operator's */
async function readOperatorsBody(c: Context<AppEnv>): Promise<Uint8Array> {
  const { auth, ingestSecrets } = c.var.config;
  // In open mode everybody counts as an admin, and is no operator for that.
  const isSigned = c.req.header(SIGNATURE_HEADER) !== undefined || auth.mode !== 'jwt';
  if (isSigned) return readSignedBody(c.req.raw, ingestSecrets, Date.now());
  await withIdentity(c, async () => {
    await requireAdmin(c, async () => undefined);
  });
  return readBody(c.req.raw, MAX_INGEST_BODY_BYTES);
}

/** An empty body asks for the defaults. */
function parseDrain(body: Uint8Array): z.infer<typeof drainBodySchema> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body) || '{}');
  } catch {
    throw new Problem(422, 'schema', 'the body is not JSON');
  }
  const parsed = drainBodySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.code === 'unrecognized_keys' ? issue.keys[0]! : issue.path.join('.');
  throw new Problem(422, 'schema', `${field || 'body'}: ${issue.message}`, field);
}
