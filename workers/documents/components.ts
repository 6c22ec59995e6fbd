import type * as z from 'zod';
import { missingEventSchema } from '../../shared/api/explain.ts';
import { conflictSchema } from '../../shared/api/me.ts';
import { clockSkewSchema, problemSchema } from '../../shared/api/problem.ts';
import { patternEventSchema } from '../../shared/events.ts';
import { filterSchema } from '../../shared/filter-schema.ts';

/** Schemas that several routes share, by the name under which the documents refer to them. */
export const COMPONENTS: Record<string, z.ZodType> = {
  Problem: problemSchema,
  ClockSkewProblem: clockSkewSchema,
  RevisionConflict: conflictSchema,
  MissingEvent: problemSchema.extend(missingEventSchema.shape),
  Filter: filterSchema,
  PatternEvent: patternEventSchema,
};
