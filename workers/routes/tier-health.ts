import type { Context } from 'hono';
import { CHANNELS } from '../../shared/channels.ts';
import type { Tier } from '../../shared/topics.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readableTiers } from '../middleware/rights.ts';

/** `GET /api/patterns/tiers/health`: per tier whether its data is alive; a hub that does not answer is `unreachable`. */
export async function tierHealth(c: Context<AppEnv>): Promise<Response> {
  const refused = await answerOf(rootHub(c.env, 'system').readRefusals({ limit: 0 }));
  // null where the counts cannot be had: not knowing is not zero.
  const rejectsOf = (tier: Tier) =>
    'value' in refused
      ? refused.value.counts
          .filter(({ channel }) => CHANNELS[channel]?.tier === tier)
          .reduce((sum, { count }) => sum + count, 0)
      : null;
  const answers = readableTiers(c).map(async tier => {
    const answer = await answerOf(rootHub(c.env, tier).readHealth());
    const health = 'value' in answer ? answer.value : { topic: tier, status: 'unreachable', reasons: [answer.error] };
    return [tier, { ...health, rejects: rejectsOf(tier) }] as const;
  });
  const tiers = await Promise.all(answers);
  const worst = ['unreachable', 'stale', 'degraded'].find(status => tiers.some(([, tier]) => tier.status === status));
  return c.json({ status: worst ?? 'ok', tiers: Object.fromEntries(tiers) });
}
