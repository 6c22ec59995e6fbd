import * as z from 'zod';
import { wholeNumber } from './parameters.ts';

export const deleteQuerySchema = z.strictObject({
  if_revision: wholeNumber(0, Number.MAX_SAFE_INTEGER).exactOptional(),
});
