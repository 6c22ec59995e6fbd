import * as z from 'zod';
import { normaliseSymbol } from './filter.ts';

/** The key in Workers KV under which the reference data are. */
export const REFERENCE_KEY = 'reference';

export const MAX_REFERENCE_SYMBOLS = 20_000;
export const MAX_UNIVERSES = 200;
export const MAX_UNIVERSE_SYMBOLS = 10_000;

const symbolSchema = z
  .string()
  .transform(normaliseSymbol)
  .refine(symbol => /^[^\s,"]{1,20}$/u.test(symbol), 'expected 1 to 20 characters without spaces, commas or quotes');
const words = (most: number) => z.string().trim().min(1, 'is empty').max(most, `is over ${most} characters`);

const referenceSymbolSchema = z.strictObject({
  symbol: symbolSchema,
  name: words(200).nullable().default(null),
  sector: words(100).nullable().default(null),
});
export type ReferenceSymbol = z.infer<typeof referenceSymbolSchema>;

/** Names of universes stand in filters and links, and are the same in any case. */
export const universeNameSchema = z
  .string()
  .transform(name => name.trim().toLowerCase())
  .refine(name => /^[a-z0-9][a-z0-9_-]{0,39}$/.test(name), 'expected 1 to 40 letters, digits, dashes or underscores');

/** A list of symbols under a name. An empty one would let everything through a filter. */
const universeSchema = z.strictObject({
  name: universeNameSchema,
  symbols: z.array(symbolSchema).min(1, 'is empty').max(MAX_UNIVERSE_SYMBOLS),
});
export type Universe = z.infer<typeof universeSchema>;

/** An operator's file of symbols and universes. */
export const referenceSchema = z
  .strictObject({
    symbols: z.array(referenceSymbolSchema).max(MAX_REFERENCE_SYMBOLS).default([]),
    universes: z.array(universeSchema).max(MAX_UNIVERSES).default([]),
  })
  .superRefine(({ symbols, universes }, context) => {
    refuseRepeats(context, symbols, ['symbols'], entry => entry.symbol, 'symbol');
    refuseRepeats(context, universes, ['universes'], entry => entry.name, 'name');
    for (const [at, universe] of universes.entries()) {
      refuseRepeats(context, universe.symbols, ['universes', at, 'symbols'], symbol => symbol);
    }
  });
export type Reference = z.infer<typeof referenceSchema>;

function refuseRepeats<T>(
  context: z.RefinementCtx,
  entries: readonly T[],
  path: (string | number)[],
  keyOf: (entry: T) => string,
  ...field: string[]
): void {
  const seen = new Set<string>();
  for (const [at, entry] of entries.entries()) {
    const key = keyOf(entry);
    if (seen.has(key)) {
      context.addIssue({ code: 'custom', path: [...path, at, ...field], message: `${key} is there twice` });
    }
    seen.add(key);
  }
}
