import { type Context, Hono } from 'hono';
import type { Count, Patterns } from '../../shared/api/patterns.ts';
import type { Performance, TierPerformance } from '../../shared/api/performance.ts';
import { type Filter, normaliseFilter } from '../../shared/filter.ts';
import { countQuerySchema, patternsQuerySchema } from '../../shared/requests/patterns.ts';
import { isTier, type Tier } from '../../shared/topics.ts';
import type { Page, TapeCount } from '../hub/queries.ts';
import { answerOf, requiredOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readableTiers, requireTopic } from '../middleware/rights.ts';
import { Problem } from '../problem.ts';
import { symbolsIn } from '../reference.ts';
import { readQuery } from './parameters.ts';
import { tiersHealth } from './tier-health.ts';

const DEFAULT_COUNT_MINUTES = 60;

/** `GET /api/patterns/…`: stored patterns of a tier, and how the tiers do. */
export const patterns = new Hono<AppEnv>()
  .get('/performance', async c => {
    const answers = readableTiers(c).map(async tier => {
      const answer = await answerOf<TierPerformance>(rootHub(c.env, tier).readPerformance());
      return [tier, 'value' in answer ? answer.value : { error: answer.error }] as const;
    });
    const answer: Performance = {
      generated_at: new Date().toISOString(),
      tiers: Object.fromEntries(await Promise.all(answers)),
    };
    return c.json(answer);
  })
  .get('/tiers/health', tiersHealth)
  .get('/:tier/count', async c => {
    const tier = readableTier(c, c.req.param('tier'));
    const { minutes = DEFAULT_COUNT_MINUTES, universes, ...wanted } = readQuery(c, countQuerySchema);
    const filter = normaliseFilter(tier, await expanded(c, universes, wanted));
    const count = await requiredOf<TapeCount>(rootHub(c.env, tier).readCount({ filter, minutes }));
    const answer: Count = { tier, filter, minutes, ...count };
    return c.json(answer);
  })
  .get('/:tier', async c => {
    const startedAtMs = Date.now();
    const tier = readableTier(c, c.req.param('tier'));
    const query = readQuery(c, patternsQuerySchema);
    const policy = c.var.config.policy[tier];
    const confidenceMin = query.confidence_min ?? policy.confidence_min;
    const wanted: Filter = {
      symbols: query.symbols ?? [],
      pattern_types: query.pattern_types ?? [],
      confidence_min: confidenceMin,
    };
    const filter = normaliseFilter(tier, await expanded(c, query.universes, wanted));
    const page = await requiredOf<Page>(
      rootHub(c.env, tier).readPage({
        filter,
        limit: query.limit ?? policy.page_size,
        beforeSeq: query.before_seq,
        afterSeq: query.after_seq,
      }),
    );
    const metadata: Patterns['metadata'] = {
      count: page.bodies.length,
      tier,
      confidence_min: confidenceMin,
      symbols_filter: filter.symbols ?? [],
      response_time_ms: Date.now() - startedAtMs,
      next_before_seq: page.nextBeforeSeq,
      gaps: page.gaps,
    };
    // Events are JSON already, written once when they were appended.
    return c.body(`{"patterns":[${page.bodies.join(',')}],"metadata":${JSON.stringify(metadata)}}`, 200, {
      'content-type': 'application/json',
    });
  });

/** The filter with the symbols of universes among its own. */
async function expanded(c: Context<AppEnv>, universes: readonly string[] = [], filter: Filter): Promise<Filter> {
  return universes.length === 0 ? filter : { ...filter, symbols: await symbolsIn(c.env, universes, filter.symbols) };
}

function readableTier(c: Context<AppEnv>, word: string): Tier {
  if (!isTier(word)) throw new Problem(404, 'not_found', `there is no tier "${word}"`, 'tier');
  requireTopic(c, word, 'tier');
  return word;
}
