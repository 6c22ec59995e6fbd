import { Hono } from 'hono';
import type { Tickets } from '../../shared/api/tickets.ts';
import { ticketsBodySchema } from '../../shared/requests/tickets.ts';
import { USER_TOPIC } from '../../shared/topics.ts';
import { TICKET_VALID_MS, writeTicket } from '../identity/ticket.ts';
import type { AppEnv } from '../middleware/config.ts';
import { requireTopic } from '../middleware/rights.ts';
import { readJson } from './json-body.ts';

/** More than `{"topics":[…]}` ever has. */
const MAX_BODY_BYTES = 1_024;

/** `POST /api/tickets`: single-use tickets with which the caller opens WebSockets, one per topic. */
export const tickets = new Hono<AppEnv>().post('/', async c => {
  const { topics } = await readJson(c, ticketsBodySchema, MAX_BODY_BYTES);
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
  const answer: Tickets = {
    tickets: Object.fromEntries(await Promise.all(issued)),
    expires_in_ms: TICKET_VALID_MS,
  };
  return c.json(answer);
});
