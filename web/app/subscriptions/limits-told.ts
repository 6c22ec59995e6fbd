import { SESSION_LIMITS } from '../../../shared/limits.ts';
import type { Tier } from '../../../shared/topics.ts';
import { client } from '../connection.ts';
import type { Limits } from './limits.ts';

/** What the server has told of its limits; before it has, what it is by default. */
export function limitsOf(tier: Tier): Limits {
  return client.topic(tier).hello?.limits ?? SESSION_LIMITS;
}
