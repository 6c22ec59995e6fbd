import * as z from 'zod';
import { TIERS } from '../topics.ts';

/** The answer of `GET /api/symbols`: those of the reference data and those seen, in alphabetical order. */
export const symbolsSchema = z.strictObject({
  symbols: z.array(
    z.strictObject({
      symbol: z.string(),
      /** null: the reference data do not say. */
      name: z.string().nullable(),
      sector: z.string().nullable(),
      /** Whose patterns have had it; none: it was not seen. */
      tiers: z.array(z.enum(TIERS)),
      /** When the newest pattern of it came in; null: never. */
      last_seen_at: z.iso.datetime().nullable(),
    }),
  ),
  /** The tiers whose hub gave no answer. */
  missing: z.array(z.enum(TIERS)),
});
export type Symbols = z.infer<typeof symbolsSchema>;

/** The answer of `GET /api/universes`, in alphabetical order. */
export const universesSchema = z.strictObject({
  universes: z.array(z.strictObject({ name: z.string(), symbols: z.array(z.string()) })),
});
export type Universes = z.infer<typeof universesSchema>;
