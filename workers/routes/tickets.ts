import { Hono } from 'hono';
import * as z from 'zod';
import { SOCKET_TOPICS, USER_TOPIC } from '../../shared/topics.ts';
import { readBody } from '../body.ts';
import { TICKET_VALID_MS, writeTicket } from '../identity/ticket.ts';
import type { AppEnv } from '../middleware/config.ts';
import { requireTopic } from '../middleware/rights.ts';
import { Problem } from '../problem.ts';

/** More than `{"topics":[…]}` ever has. */
const MAX_BODY_BYTES = 1_024;

const bodySchema = z.strictObject({ topics: z.array(z.enum(SOCKET_TOPICS)).min(1).max(SOCKET_TOPICS.length) });

/** `POST /api/tickets`: single-use tickets with which the caller opens WebSockets, one per topic. */
export const tickets = new Hono<AppEnv>().post('/', async c => {
  const { topics } = parse(await readBody(c.req.raw, MAX_BODY_BYTES));
  topics.forEach((topic, at) => {
    // What is the user's own needs no right to a topic.
    if (topic !== USER_TOPIC) requireTopic(c, topic, `topics.${at}`);
  });
  const { user_id, guest } = c.var.identity;
  const expires_at_ms = Date.now() + TICKET_VALID_MS;
  const issued = topics.map(async topic => {
    const ticket = { user_id, guest, topic, jti: crypto.randomUUID(), expires_at_ms };
    return [topic, await writeTicket(ticket, c.var.config.sessionSecret)] as const;
  });
  return c.json({ tickets: Object.fromEntries(await Promise.all(issued)), expires_in_ms: TICKET_VALID_MS });
});

function parse(body: Uint8Array): z.infer<typeof bodySchema> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new Problem(400, 'bad_body', 'the body is not JSON');
  }
  const parsed = bodySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join('.');
  throw new Problem(400, 'bad_body', `${field || 'body'}: ${issue.message}`, field);
}
