import * as z from 'zod';
import { MAX_PAGE_SIZE } from '../limits.ts';
import { csv, decimal, filterParameters, wholeNumber } from './parameters.ts';

/** As far back as a count goes at most: a day. */
const MAX_COUNT_MINUTES = 24 * 60;

export const patternsQuerySchema = z.strictObject({
  symbols: csv.optional(),
  universes: csv.optional(),
  pattern_types: csv.optional(),
  confidence_min: decimal(0, 1).optional(),
  limit: wholeNumber(1, MAX_PAGE_SIZE).optional(),
  before_seq: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  after_seq: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
});

export const countQuerySchema = z.strictObject({
  minutes: wholeNumber(1, MAX_COUNT_MINUTES).optional(),
  universes: csv.optional(),
  ...filterParameters,
});
