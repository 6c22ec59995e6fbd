import type { Context } from 'hono';
import { base64url } from 'jose';
import type { PatternTypes } from '../../shared/api/pattern-types.ts';
import type { Symbols } from '../../shared/api/reference.ts';
import { noParameters } from '../../shared/requests/parameters.ts';
import type { Tier } from '../../shared/topics.ts';
import type { SeenAnswer, SeenDimension } from '../hub/seen-values.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readableTiers } from '../middleware/rights.ts';
import { Problem } from '../problem.ts';
import { referenceData } from '../reference.ts';
import { readQuery } from './parameters.ts';

/** `GET /api/symbols`: the symbols that patterns were seen of, and those of the reference data. */
export async function symbols(c: Context<AppEnv>): Promise<Response> {
  readQuery(c, noParameters);
  const [{ answers, missing }, reference] = await Promise.all([readSeen(c, ['symbol']), referenceData(c.env)]);
  return answerOnce(c, [...answers, reference], (): Symbols => {
    const bySymbol = new Map(merge(answers, 'symbol').map(entry => [entry.value, entry]));
    const names = [...new Set([...bySymbol.keys(), ...reference.symbols.keys()])].sort();
    return {
      symbols: names.map(symbol => ({
        symbol,
        name: reference.symbols.get(symbol)?.name ?? null,
        sector: reference.symbols.get(symbol)?.sector ?? null,
        tiers: bySymbol.get(symbol)?.tiers ?? [],
        last_seen_at: bySymbol.get(symbol)?.lastSeenAt ?? null,
      })),
      missing,
    };
  });
}

/** `GET /api/pattern-types`: the pattern types and timeframes that were seen. */
export async function patternTypes(c: Context<AppEnv>): Promise<Response> {
  readQuery(c, noParameters);
  const { answers, missing } = await readSeen(c, ['pattern_type', 'timeframe']);
  return answerOnce(c, answers, (): PatternTypes => {
    const pattern_types = merge(answers, 'pattern_type').map(({ value, tiers, lastSeenAt }) => ({
      pattern_type: value,
      tiers,
      last_seen_at: lastSeenAt,
    }));
    const timeframes = merge(answers, 'timeframe').map(({ value, tiers }) => ({ timeframe: value, tiers }));
    return { pattern_types, timeframes, missing };
  });
}

interface Seen {
  value: string;
  tiers: Tier[];
  lastSeenAt: string;
}

interface TierAnswer {
  tier: Tier;
  answer: SeenAnswer;
}

/** What hubs answered last, by what was asked of which: one that has nothing new says so, and sends nothing. */
const answered = new Map<string, TierAnswer>();
/** What was made of them last, by path and tiers. */
const made = new Map<string, { from: readonly object[]; json: string; etag: string }>();

/**
 * What the hubs of all tiers that the caller may read have seen, and the tiers whose hub gave no answer.
 * @throws Problem 503 when none did
 */
async function readSeen(
  c: Context<AppEnv>,
  dimensions: readonly SeenDimension[],
): Promise<{ answers: TierAnswer[]; missing: Tier[] }> {
  const tiers = readableTiers(c);
  const read = tiers.map(async (tier): Promise<TierAnswer[]> => {
    const key = `${tier} ${dimensions}`;
    const known = answered.get(key);
    const call = rootHub(c.env, tier).readSeen(dimensions, known?.answer.version ?? null);
    const told = await answerOf(call as unknown as Promise<SeenAnswer | null>);
    if ('error' in told) return [];
    if (told.value === null) return [known!];
    const answer = { tier, answer: told.value };
    answered.set(key, answer);
    return [answer];
  });
  const answers = (await Promise.all(read)).flat();
  if (answers.length === 0) throw new Problem(503, 'hub_unavailable', 'no hub gave an answer');
  return { answers, missing: tiers.filter(tier => !answers.some(answer => answer.tier === tier)) };
}

/** Made of the same as the time before, it is the same. */
async function answerOnce(c: Context<AppEnv>, from: readonly object[], make: () => object): Promise<Response> {
  const key = `${c.req.path} ${readableTiers(c)}`;
  let last = made.get(key);
  if (last?.from.length !== from.length || last.from.some((part, i) => part !== from[i])) {
    const json = JSON.stringify(make());
    last = { from, json, etag: await etagOf(json) };
    made.set(key, last);
  }
  return c.body(last.json, 200, { 'content-type': 'application/json', etag: last.etag });
}

async function etagOf(json: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(json));
  return `"${base64url.encode(new Uint8Array(digest))}"`;
}

/** The values of a dimension, in alphabetical order. */
function merge(answers: readonly TierAnswer[], dimension: SeenDimension): Seen[] {
  const byValue = new Map<string, { tiers: Tier[]; atMs: number }>();
  for (const { tier, answer } of answers) {
    for (const { value, last_seen_at_ms } of answer.values[dimension]) {
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
