import * as fc from 'fast-check';
import { type Filter, normaliseFilter } from '../../shared/filter.ts';
import type { Matchable } from '../../shared/matches.ts';
import { filters, matchables } from '../shared/arbitraries.ts';

/** On, just beside, and rounded onto each other, where a threshold of three decimals decides. */
const NEAR_CONFIDENCES = [0, 0.001, 0.05, 0.1, 0.7, 0.749, 0.7496, 0.75, 0.7504, 0.7506, 0.751, 0.8, 0.999, 1];
const nearConfidence = fc.constantFrom(...NEAR_CONFIDENCES);

/** Filters in normal form, as the hubs index them; half of them with thresholds that events come close to. */
export const normalFilters: fc.Arbitrary<Filter> = fc
  .record({ topic: fc.constantFrom('daily', 'system'), filter: filters, least: fc.option(nearConfidence) } as const)
  .map(({ topic, filter, least }) =>
    normaliseFilter(topic, least === null ? filter : { ...filter, confidence_min: least }),
  );

/** Events of which any field but the kind may be missing; many meet a threshold of `normalFilters` exactly. */
export const nearMatchables: fc.Arbitrary<Matchable> = fc
  .tuple(matchables, fc.option(nearConfidence))
  .map(([event, confidence]) => (confidence === null ? event : { ...event, confidence }));
