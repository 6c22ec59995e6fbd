import type { Context } from 'hono';
import type { BrowserOperations } from '../../shared/api/beacon.ts';
import type { HubFailure, HubOperations, Operations } from '../../shared/api/operations.ts';
import { TOPICS } from '../../shared/topics.ts';
import { HISTOGRAM_BOUNDS_MS } from '../core/histogram.ts';
import type { Env } from '../env.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';

/** `GET /api/operations`: raw counts and histograms of every hub, for a page that asks again and takes the difference. */
export async function operations(c: Context<AppEnv>): Promise<Response> {
  const [hubs, browsers] = await Promise.all([
    readHubs(c.env),
    answerOf<BrowserOperations>(rootHub(c.env, 'system').readBrowsers()),
  ]);
  const answer: Operations = {
    generated_at: new Date().toISOString(),
    bounds_ms: HISTOGRAM_BOUNDS_MS,
    browsers: 'value' in browsers ? browsers.value : null,
    hubs: Object.fromEntries(hubs.map(hub => [hub.topic, hub])) as Operations['hubs'],
  };
  return c.json(answer);
}

/** What every hub holds and has done; of one that gives no answer, that. */
export function readHubs(env: Env): Promise<(HubOperations | HubFailure)[]> {
  return Promise.all(
    TOPICS.map(async topic => {
      const answer = await answerOf<HubOperations>(rootHub(env, topic).readOperations());
      return 'value' in answer ? answer.value : { topic, error: answer.error };
    }),
  );
}
