import type { Context } from 'hono';
import * as z from 'zod';
import type { Tier } from '../../shared/topics.ts';
import type { SeenDimension, SeenValue } from '../hub/seen-values.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readableTiers } from '../middleware/rights.ts';
import { Problem } from '../problem.ts';
import { readQuery } from './parameters.ts';

const noParameters = z.strictObject({});

/** `GET /api/symbols`: the symbols that patterns were seen of. */
export async function symbols(c: Context<AppEnv>): Promise<Response> {
  readQuery(c, noParameters);
  const { seen, missing } = await readSeen(c, ['symbol']);
  const symbols = seen.symbol.map(({ value, tiers, lastSeenAt }) => ({
    symbol: value,
    tiers,
    last_seen_at: lastSeenAt,
  }));
  return c.json({ symbols, missing });
}

/** `GET /api/pattern-types`: the pattern types and timeframes that were seen. */
export async function patternTypes(c: Context<AppEnv>): Promise<Response> {
  readQuery(c, noParameters);
  const { seen, missing } = await readSeen(c, ['pattern_type', 'timeframe']);
  const pattern_types = seen.pattern_type.map(({ value, tiers, lastSeenAt }) => ({
    pattern_type: value,
    tiers,
    last_seen_at: lastSeenAt,
  }));
  const timeframes = seen.timeframe.map(({ value, tiers }) => ({ timeframe: value, tiers }));
  return c.json({ pattern_types, timeframes, missing });
}

interface Seen {
  value: string;
  tiers: Tier[];
  lastSeenAt: string;
}

/**
 * The values of all tiers that the caller may read, in alphabetical order, and the tiers whose hub gave no answer.
 * @throws Problem 503 when none did
 */
async function readSeen<D extends SeenDimension>(
  c: Context<AppEnv>,
  dimensions: readonly D[],
): Promise<{ seen: Record<D, Seen[]>; missing: Tier[] }> {
  const answers = await Promise.all(
    readableTiers(c).map(async tier => {
      const call = rootHub(c.env, tier).readSeen(dimensions) as unknown as Promise<Record<D, SeenValue[]>>;
      return { tier, ...(await answerOf(call)) };
    }),
  );
  const answered = answers.filter(answer => 'value' in answer);
  if (answered.length === 0) throw new Problem(503, 'hub_unavailable', 'no hub gave an answer');
  const merged = dimensions.map(dimension => {
    return [dimension, merge(answered.map(({ tier, value }) => ({ tier, values: value[dimension] })))] as const;
  });
  return {
    seen: Object.fromEntries(merged) as Record<D, Seen[]>,
    missing: answers.filter(answer => 'error' in answer).map(({ tier }) => tier),
  };
}

function merge(answers: { tier: Tier; values: SeenValue[] }[]): Seen[] {
  const byValue = new Map<string, { tiers: Tier[]; atMs: number }>();
  for (const { tier, values } of answers) {
    for (const { value, last_seen_at_ms } of values) {
      const known = byValue.get(value);
      if (!known) byValue.set(value, { tiers: [tier], atMs: last_seen_at_ms });
      else {
        known.tiers.push(tier);
        known.atMs = Math.max(known.atMs, last_seen_at_ms);
      }
    }
  }
  return [...byValue]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, { tiers, atMs }]) => ({ value, tiers, lastSeenAt: new Date(atMs).toISOString() }));
}
