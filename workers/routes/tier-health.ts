import type { Context } from 'hono';
import { TIERS } from '../../shared/topics.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';

/** `GET /api/patterns/tiers/health`: per tier whether its data is alive; a hub that does not answer is `unreachable`. */
export async function tierHealth(c: Context<AppEnv>): Promise<Response> {
  const refused = await answerOf(rootHub(c.env, 'system').readRefusals({ limit: 0 }));
  const rejects = 'value' in refused ? refused.value.counts.reduce((sum, { count }) => sum + count, 0) : null;
  const answers = TIERS.map(async tier => {
    const answer = await answerOf(rootHub(c.env, tier).readHealth());
    if ('value' in answer) return [tier, answer.value] as const;
    return [tier, { topic: tier, status: 'unreachable', reasons: [answer.error] }] as const;
  });
  const tiers = await Promise.all(answers);
  const worst = ['unreachable', 'stale', 'degraded'].find(status => tiers.some(([, tier]) => tier.status === status));
  return c.json({ status: worst ?? 'ok', rejects, tiers: Object.fromEntries(tiers) });
}
