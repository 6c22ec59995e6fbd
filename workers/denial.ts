import { waitUntil } from 'cloudflare:workers';
import type { Env } from './env.ts';
import { answerOf, rootHub } from './hubs.ts';
import type { TokenFault } from './identity/token.ts';
import { Problem } from './problem.ts';

/** Why somebody was turned away. */
export type DenialCause =
  | TokenFault
  | 'batch_signature'
  | 'batch_clock_skew'
  | 'credentials_in_url'
  | 'foreign_origin'
  | 'unknown_protocol'
  | 'forbidden_topic'
  | 'admin_only'
  | 'rate_limited_address'
  | 'rate_limited_user'
  | 'ticket_missing'
  | 'ticket_forged'
  | 'ticket_expired'
  | 'ticket_other_topic'
  | 'ticket_used'
  | 'connections_per_address'
  | 'hub_overfull';

/** A problem that is counted by its cause. */
export class Denial extends Problem {
  readonly denied: DenialCause;

  constructor(cause: DenialCause, ...problem: ConstructorParameters<typeof Problem>) {
    super(...problem);
    this.denied = cause;
  }
}

/** A call that has not ended by then never will: its request is gone. */
const GIVEN_UP_MS = 30_000;

const untold = new Map<string, number>();
let tellingSinceMs = Number.NEGATIVE_INFINITY;

/**
 * Counts somebody who was turned away before a hub was reached; the hub of `system` keeps the sum. It is told by one call
 * at a time: a flood of refusals is no flood of calls.
 */
export function countDenial(env: Env, cause: DenialCause): void {
  untold.set(cause, (untold.get(cause) ?? 0) + 1);
  if (Date.now() - tellingSinceMs > GIVEN_UP_MS) waitUntil(tellAll(env));
}

async function tellAll(env: Env): Promise<void> {
  while (untold.size > 0) {
    tellingSinceMs = Date.now();
    const told = Object.fromEntries(untold);
    untold.clear();
    const answer = await answerOf(rootHub(env, 'system').countDenied(told));
    if ('value' in answer) continue;
    // Told with the next one.
    for (const [cause, count] of Object.entries(told)) untold.set(cause, (untold.get(cause) ?? 0) + count);
    break;
  }
  tellingSinceMs = Number.NEGATIVE_INFINITY;
}
