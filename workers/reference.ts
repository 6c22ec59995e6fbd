import { normaliseSymbol } from '../shared/filter.ts';
import { REFERENCE_KEY, type ReferenceSymbol, referenceSchema } from '../shared/reference.ts';
import type { Env } from './env.ts';
import { Problem } from './problem.ts';

/** What an operator has loaded, ready to be looked up. */
export interface ReferenceData {
  /** By symbol. */
  symbols: ReadonlyMap<string, ReferenceSymbol>;
  /** The symbols of each universe, by its name in lower case. */
  universes: ReadonlyMap<string, readonly string[]>;
}

/** What was loaded anew is used after this at the latest, and after as long again that Cloudflare keeps it. */
const KEPT_MS = 30_000;
const KEPT_BY_CLOUDFLARE_S = 60;
const NOTHING: ReferenceData = { symbols: new Map(), universes: new Map() };

const kept = new WeakMap<KVNamespace, { atMs: number; data: Promise<ReferenceData> }>();

/**
 * The reference data, read from KV twice a minute at most; empty while none are loaded.
 * @throws Problem 503 when they cannot be read
 */
export async function referenceData(env: Env): Promise<ReferenceData> {
  const { REFERENCE: namespace } = env;
  if (!namespace) return NOTHING;
  let known = kept.get(namespace);
  if (!known || Date.now() - known.atMs >= KEPT_MS) {
    known = { atMs: Date.now(), data: read(namespace) };
    kept.set(namespace, known);
  }
  try {
    return await known.data;
  } catch (error) {
    // The next request asks again.
    if (kept.get(namespace) === known) kept.delete(namespace);
    console.error('the reference data cannot be read', error);
    throw new Problem(503, 'reference_unavailable', 'the reference data cannot be read');
  }
}

/**
 * The symbols of universes, together with others: a list of a filter.
 * @throws Problem 400 naming the universe that there is not, 503
 */
export async function symbolsIn(
  env: Env,
  universes: readonly string[],
  symbols: readonly string[] = [],
): Promise<string[]> {
  const { universes: known } = await referenceData(env);
  const wanted = new Set(symbols.map(normaliseSymbol));
  for (const name of universes) {
    const members = known.get(name.toLowerCase());
    if (!members) throw new Problem(400, 'bad_parameter', `universes: there is no universe "${name}"`, 'universes');
    for (const symbol of members) wanted.add(symbol);
  }
  return [...wanted];
}

async function read(namespace: KVNamespace): Promise<ReferenceData> {
  const value = await namespace.get(REFERENCE_KEY, { type: 'json', cacheTtl: KEPT_BY_CLOUDFLARE_S });
  const { symbols, universes } = referenceSchema.parse(value ?? {});
  return {
    symbols: new Map(symbols.map(entry => [entry.symbol, entry])),
    universes: new Map(universes.map(({ name, symbols }) => [name, symbols])),
  };
}
