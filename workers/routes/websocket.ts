import { type Context, Hono } from 'hono';
import { CLOSE_CODES } from '../../shared/codes.ts';
import { SUBPROTOCOL } from '../../shared/limits.ts';
import { isTopic } from '../../shared/topics.ts';
import { UPGRADE_HEADER, type Upgrade } from '../hub/topic-hub.ts';
import { requiredOf, sessionHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { Problem } from '../problem.ts';

const TICKET_PREFIX = 'ticket.';

/**
 * `GET /ws/:topic`: checks where a WebSocket comes from and what it speaks, and hands it to the topic's hub. The hub
 * accepts it itself, so that it can hibernate; only refusals with a close code are accepted here.
 */
export const websocket = new Hono<AppEnv>().get('/:topic', async c => {
  const topic = c.req.param('topic');
  if (!isTopic(topic)) throw new Problem(404, 'not_found', `there is no topic "${topic}"`, 'topic');
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
    throw new Problem(426, 'upgrade_required', 'this is a WebSocket address');
  }
  const offered = (c.req.header('sec-websocket-protocol') ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);
  const spoken = offered.filter(name => !name.startsWith(TICKET_PREFIX));
  if (offered.length > 0 && spoken.length === 0) {
    throw new Problem(400, 'bad_protocol', `a ticket goes with ${SUBPROTOCOL}`, 'sec-websocket-protocol');
  }
  if (!isAllowedOrigin(c)) return refuse(CLOSE_CODES.forbidden, spoken[0]);
  if (spoken.length > 0 && !spoken.includes(SUBPROTOCOL)) return refuse(CLOSE_CODES.unknown_protocol, spoken[0]);

  const identity = { user_id: `guest-${crypto.randomUUID()}`, guest: true };
  const upgrade: Upgrade = { identity, subprotocol: spoken.length > 0 ? SUBPROTOCOL : null };
  // A new request: no header of the caller's but these reaches the hub.
  const headers = { upgrade: 'websocket', [UPGRADE_HEADER]: JSON.stringify(upgrade) };
  return requiredOf(sessionHub(c.env, topic, identity.user_id).fetch(new Request(c.req.url, { headers })));
});

/** Pages of the Worker's own origin and of those allowed; programs that are no browsers send no origin. */
function isAllowedOrigin(c: Context<AppEnv>): boolean {
  const origin = c.req.header('origin');
  return !origin || origin === new URL(c.req.url).origin || c.var.config.allowedOrigins.includes(origin);
}

/** Accepts and closes: a browser's script learns a close code, but nothing of an HTTP status. */
function refuse({ code, means }: { code: number; means: string }, echo: string | undefined): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.close(code, means);
  const headers = new Headers({ 'sec-websocket-extensions': 'identity' });
  if (echo) headers.set('sec-websocket-protocol', echo);
  return new Response(null, { status: 101, webSocket: client, headers });
}
