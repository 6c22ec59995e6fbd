import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { CLOSE_CODES } from '../../shared/codes.ts';
import { SUBPROTOCOL, TICKET_PREFIX } from '../../shared/limits.ts';
import { countDenial, type DenialCause } from '../denial.ts';
import { changeable } from '../fetched.ts';
import { UPGRADE_HEADER } from '../hub/admission.ts';
import { requiredOf } from '../hubs.ts';
import { hideAddress } from '../identity/address.ts';
import { readTicket, type Ticket } from '../identity/ticket.ts';
import { Problem } from '../problem.ts';
import type { AppEnv } from './config.ts';
import { guestOf } from './identity.ts';
import { isAllowedOrigin } from './origin.ts';
import { addressOf } from './rate-limit.ts';

interface CloseCode {
  code: number;
  means: string;
}

const { forbidden, ticket_invalid, unknown_protocol } = CLOSE_CODES;

/**
 * Checks what a request for a WebSocket at `/ws/<topic>` brings: origin, protocol, and the ticket for that topic, which
 * jwt mode needs. Sets `c.var.upgrade` to what a hub is to know. What a browser's script is to learn of a refusal is
 * accepted, and closed with a code.
 * @throws Problem 426 without an upgrade, 400 for a ticket without a protocol
 */
export const checkUpgrade = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
    throw new Problem(426, 'upgrade_required', 'this is a WebSocket address');
  }
  const { tickets, spoken } = readOffered(c);
  if (tickets.length > 0 && spoken.length === 0) {
    throw new Problem(400, 'bad_protocol', `a ticket goes with ${SUBPROTOCOL}`, 'sec-websocket-protocol');
  }
  if (!isAllowedOrigin(c)) return deny(c, 'foreign_origin', forbidden);
  if (spoken.length > 0 && !spoken.includes(SUBPROTOCOL)) return deny(c, 'unknown_protocol', unknown_protocol);

  const ticket = await checkTickets(c, tickets);
  if (typeof ticket === 'string') return deny(c, ticket, ticket_invalid);
  const { user_id, guest } = ticket ?? (await guestOf(c));
  const address = addressOf(c);
  c.set('upgrade', {
    identity: { user_id, guest },
    subprotocol: spoken.length > 0 ? SUBPROTOCOL : null,
    ...(ticket && { ticket: { jti: ticket.jti, expires_at_ms: ticket.expires_at_ms } }),
    ...(address !== null && { address: await hideAddress(address, c.var.config.sessionSecret) }),
  });
  return next();
});

/** Hands a checked request to the object that will accept it itself, so that it can hibernate. */
export async function handOver(c: Context<AppEnv>, hub: { fetch(request: Request): Promise<Response> }) {
  // A new request: no header of the caller's but these reaches the hub.
  const headers = { upgrade: 'websocket', [UPGRADE_HEADER]: inAscii(JSON.stringify(c.var.upgrade)) };
  const response = await requiredOf(hub.fetch(new Request(c.req.url, { headers })));
  if (response.status !== 401) return changeable(response);
  await response.body?.cancel();
  return refuse(c, ticket_invalid);
}

function readOffered(c: Context<AppEnv>): { tickets: string[]; spoken: string[] } {
  const offered = (c.req.header('sec-websocket-protocol') ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);
  return {
    tickets: offered.filter(name => name.startsWith(TICKET_PREFIX)).map(name => name.slice(TICKET_PREFIX.length)),
    spoken: offered.filter(name => !name.startsWith(TICKET_PREFIX)),
  };
}

/** The ticket to go by, null for none where none is needed, or what is wrong with it. */
async function checkTickets(c: Context<AppEnv>, [text, ...more]: string[]): Promise<Ticket | null | DenialCause> {
  const needsTicket = c.var.config.auth.mode === 'jwt';
  if (text === undefined) return needsTicket ? 'ticket_missing' : null;
  const ticket = await readTicket(text, c.var.config.sessionSecret);
  if (!ticket || more.length > 0 || (needsTicket && ticket.guest)) return 'ticket_forged';
  if (ticket.topic !== c.req.path.slice('/ws/'.length)) return 'ticket_other_topic';
  return ticket.expires_at_ms <= Date.now() ? 'ticket_expired' : ticket;
}

function deny(c: Context<AppEnv>, cause: DenialCause, code: CloseCode): Response {
  countDenial(c.env, cause);
  return refuse(c, code);
}

/** Accepts and closes: a browser's script learns a close code, but nothing of an HTTP status. */
function refuse(c: Context<AppEnv>, { code, means }: CloseCode): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.close(code, means);
  const headers = new Headers({ 'sec-websocket-extensions': 'identity' });
  const { spoken } = readOffered(c);
  const echo = spoken.includes(SUBPROTOCOL) ? SUBPROTOCOL : spoken[0];
  if (echo) headers.set('sec-websocket-protocol', echo);
  return new Response(null, { status: 101, webSocket: client, headers });
}

/** JSON that a header can hold: user ids may have any character. */
function inAscii(json: string): string {
  return json.replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
