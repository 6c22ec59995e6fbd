import type { Context } from 'hono';
import * as z from 'zod';
import type { Universes } from '../../shared/api/reference.ts';
import type { AppEnv } from '../middleware/config.ts';
import { referenceData } from '../reference.ts';
import { readQuery } from './parameters.ts';

/** `GET /api/universes`: the lists of symbols that filters can name. */
export async function universes(c: Context<AppEnv>): Promise<Response> {
  readQuery(c, z.strictObject({}));
  const reference = await referenceData(c.env);
  const answer: Universes = {
    universes: [...reference.universes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, symbols]) => ({ name, symbols: [...symbols] })),
  };
  return c.json(answer);
}
