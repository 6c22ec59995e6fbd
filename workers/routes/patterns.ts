import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { normaliseFilter } from '../../shared/filter.ts';
import { MAX_PAGE_SIZE } from '../../shared/limits.ts';
import { isTier, type Tier } from '../../shared/topics.ts';
import type { Count, Page } from '../hub/queries.ts';
import { answerOf, requiredOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readableTiers, requireTopic } from '../middleware/rights.ts';
import { Problem } from '../problem.ts';
import { csv, decimal, filterParameters, readQuery, wholeNumber } from './parameters.ts';
import { tierHealth } from './tier-health.ts';

/** As far back as a count goes at most: a day. */
const MAX_COUNT_MINUTES = 24 * 60;
const DEFAULT_COUNT_MINUTES = 60;

const pageSchema = z.strictObject({
  symbols: csv.optional(),
  pattern_types: csv.optional(),
  confidence_min: decimal(0, 1).optional(),
  limit: wholeNumber(1, MAX_PAGE_SIZE).optional(),
  before_seq: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  after_seq: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
});

const countSchema = z.strictObject({
  minutes: wholeNumber(1, MAX_COUNT_MINUTES).optional(),
  ...filterParameters,
});

/** `GET /api/patterns/…`: stored patterns of a tier, and how the tiers do. */
export const patterns = new Hono<AppEnv>()
  .get('/performance', async c => {
    const answers = readableTiers(c).map(async tier => {
      const answer = await answerOf(rootHub(c.env, tier).readPerformance());
      return [tier, 'value' in answer ? answer.value : { error: answer.error }] as const;
    });
    return c.json({ generated_at: new Date().toISOString(), tiers: Object.fromEntries(await Promise.all(answers)) });
  })
  .get('/tiers/health', tierHealth)
  .get('/:tier/count', async c => {
    const tier = readableTier(c, c.req.param('tier'));
    const { minutes = DEFAULT_COUNT_MINUTES, ...wanted } = readQuery(c, countSchema);
    const filter = normaliseFilter(tier, wanted);
    const count = await requiredOf<Count>(rootHub(c.env, tier).readCount({ filter, minutes }));
    return c.json({ tier, filter, minutes, ...count });
  })
  .get('/:tier', async c => {
    const startedAtMs = Date.now();
    const tier = readableTier(c, c.req.param('tier'));
    const query = readQuery(c, pageSchema);
    const policy = c.var.config.policy[tier];
    const confidenceMin = query.confidence_min ?? policy.confidence_min;
    const filter = normaliseFilter(tier, {
      symbols: query.symbols ?? [],
      pattern_types: query.pattern_types ?? [],
      confidence_min: confidenceMin,
    });
    const page = await requiredOf<Page>(
      rootHub(c.env, tier).readPage({
        filter,
        limit: query.limit ?? policy.page_size,
        beforeSeq: query.before_seq,
        afterSeq: query.after_seq,
      }),
    );
    const metadata = {
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

function readableTier(c: Context<AppEnv>, word: string): Tier {
  if (!isTier(word)) throw new Problem(404, 'not_found', `there is no tier "${word}"`, 'tier');
  requireTopic(c, word, 'tier');
  return word;
}
