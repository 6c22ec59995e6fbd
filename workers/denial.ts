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

/** What gathers before it is told: a flood of refusals is no flood of calls. */
const GATHER_MS = 100;

const untold = new Map<string, number>();
let isGathering = false;

/** Counts somebody who was turned away before a hub was reached; the hub of `system` keeps the sum. */
export function countDenial(env: Env, cause: DenialCause): void {
  untold.set(cause, (untold.get(cause) ?? 0) + 1);
  if (isGathering) return;
  isGathering = true;
  waitUntil(tell(env));
}

async function tell(env: Env): Promise<void> {
  await scheduler.wait(GATHER_MS);
  isGathering = false;
  const told = Object.fromEntries(untold);
  untold.clear();
  const answer = await answerOf(rootHub(env, 'system').countDenied(told));
  if ('value' in answer) return;
  for (const [cause, count] of Object.entries(told)) untold.set(cause, (untold.get(cause) ?? 0) + count);
}
