import * as z from 'zod';
import { TOPICS } from '../topics.ts';
import { filterParameters, wholeNumber } from './parameters.ts';

/** `seq` or `id` names the event; a session stands instead of a filter. */
export const explainQuerySchema = z.strictObject({
  topic: z.enum(TOPICS),
  seq: wholeNumber(1, Number.MAX_SAFE_INTEGER).exactOptional(),
  id: z.string().min(1).exactOptional(),
  session: z.string().min(1).exactOptional(),
  ...filterParameters,
});
