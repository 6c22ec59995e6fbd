import * as z from 'zod';
import { type Tickets, ticketsSchema } from '../../../shared/api/tickets.ts';
import { ticketsBodySchema } from '../../../shared/requests/tickets.ts';
import { SOCKET_TOPICS } from '../../../shared/topics.ts';
import { described, type Route } from '../route.ts';

const issued: Tickets = { tickets: { daily: 'eyJ1c2Vy…', system: 'eyJ1c2Vy…' }, expires_in_ms: 30_000 };

export const live: Route[] = [
  {
    method: 'post',
    path: '/api/tickets',
    tag: 'Live',
    access: 'caller',
    summary: 'Tickets for WebSockets',
    description:
      'A ticket lets who asks open one WebSocket of one topic (or `me`), once, within `expires_in_ms`. It is offered as a ' +
      'second subprotocol, `ticket.<base64url>`. One refusal refuses all; `field` says for which.',
    body: { name: 'TicketsRequest', schema: ticketsBodySchema, example: { topics: ['daily', 'system'] } },
    answer: { name: 'Tickets', schema: ticketsSchema, example: issued, description: 'A ticket for each topic.' },
    problems: ['bad_body', 'forbidden_topic', 'too_large'],
  },
  {
    method: 'get',
    path: '/ws/{topic}',
    tag: 'Live',
    access: 'socket',
    summary: 'A WebSocket of a topic, or of what is the user’s own',
    description:
      'Offer the subprotocol `tickstock.v1`, or none, and where `AUTH_MODE` is `jwt` a ticket beside it. What is refused in ' +
      'a way that a browser’s script is to learn of is accepted, and closed with a code. Frames and codes are in the ' +
      'AsyncAPI document.',
    inPath: described(z.object({ topic: z.enum(SOCKET_TOPICS) }), { topic: 'The topic; `me` is the user’s own.' }),
    answer: { status: 101, description: 'The connection is open, or will be closed with a code.' },
    problems: [
      'bad_protocol',
      'not_found',
      'upgrade_required',
      'too_many_connections',
      'draining',
      'hub_overfull',
      'hub_unavailable',
    ],
  },
];
