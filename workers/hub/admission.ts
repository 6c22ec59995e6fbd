import type { ProblemTitle } from '../../shared/api/problem.ts';
import { isOverfull } from '../core/slow-reader.ts';
import { problemResponse } from '../problem.ts';
import type { Counters } from './counters.ts';
import type { Draining } from './draining.ts';
import type { Identity, Sessions } from './sessions.ts';
import type { Sockets } from './sockets.ts';
import type { UsedTickets } from './used-tickets.ts';

/** The header in which the Worker tells a hub who a socket belongs to. It has checked it; a caller's own is not passed on. */
export const UPGRADE_HEADER = 'x-tickstock-upgrade';
export interface Upgrade {
  identity: Identity;
  /** To echo; null = none was offered. */
  subprotocol: string | null;
  /** That was shown, valid as far as the Worker can tell. */
  ticket?: { jti: string; expires_at_ms: number };
  /** Stands for the client's address; absent where it is not limited. */
  address?: string;
}

/** When a Worker has the number of replicas that the hubs have. */
const MOVED_AFTER_MS = 2_000;
/** When to try again where too much waits, or too many are. */
const RETRY_AFTER_MS = 10_000;

export interface AdmissionParts {
  /** Whether a user's sessions belong to this object of the topic's. */
  isOwn: (userId: string) => boolean;
  draining: Draining;
  usedTickets: UsedTickets;
  sessions: Sessions;
  sockets: Sockets;
  counters: Counters;
  /** 0 = no limit. */
  maxConnectionsPerAddress: number;
}

/**
 * Decides whether a hub takes one more socket, exactly where the Worker cannot: it knows what waits unread, how many
 * sockets an address has, and which tickets were used.
 */
export class Admission {
  readonly #parts: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /**
   * The refusal, as a problem document: 503 `draining` or `hub_overfull`, 429 `too_many_connections`, 401 `ticket_used`; null = come in,
   * and the ticket is used up.
   */
  refusalOf({ identity, ticket, address }: Upgrade, nowMs: number): Response | null {
    const { isOwn, draining, usedTickets, sessions, sockets, counters, maxConnectionsPerAddress } = this.#parts;
    const drainsForMs = draining.refusesForMs(nowMs);
    if (drainsForMs > 0) return later(503, 'draining', 'the hub is sending everybody away for a restart', drainsForMs);
    if (!isOwn(identity.user_id))
      return later(503, 'draining', 'sessions are being moved to other hubs', MOVED_AFTER_MS);
    if (isOverfull(sockets.queuedBytes(nowMs))) {
      counters.countDenied({ hub_overfull: 1 });
      return later(503, 'hub_overfull', 'too much waits to be read by slow readers');
    }
    const open = address === undefined ? 0 : sessions.countOfAddress(address);
    if (maxConnectionsPerAddress > 0 && open >= maxConnectionsPerAddress) {
      counters.countDenied({ connections_per_address: 1 });
      const detail = `this address has ${open} connections to this topic open already, the most it may have`;
      return later(429, 'too_many_connections', detail);
    }
    if (ticket && !usedTickets.use(ticket.jti, ticket.expires_at_ms, nowMs)) {
      counters.countDenied({ ticket_used: 1 });
      return problemResponse(401, 'ticket_used', 'the ticket has been used or has expired');
    }
    return null;
  }
}

function later(status: 429 | 503, title: ProblemTitle, detail: string, afterMs = RETRY_AFTER_MS): Response {
  return problemResponse(status, title, detail, undefined, {
    headers: { 'retry-after': String(Math.ceil(afterMs / 1_000)) },
  });
}
