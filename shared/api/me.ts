import * as z from 'zod';
import { TOPICS } from '../topics.ts';
import { documentSchemas, subscriptionIdSchema, subscriptionSchema } from '../user-data.ts';
import { problemSchema } from './problem.ts';

const revision = z.int();
const { subscriptions, views, stars, mutes, settings } = documentSchemas;
const keptSubscriptionSchema = subscriptionSchema.extend({ id: subscriptionIdSchema });

/** All that is kept of who asks. */
export const meSchema = z.object({
  identity: z.object({
    user_id: z.string(),
    guest: z.boolean(),
    role: z.enum(['user', 'admin']),
    /** The topics that the caller may read; null: all. */
    topics: z.array(z.enum(TOPICS)).nullable(),
  }),
  revision,
  ...documentSchemas,
});

/** The revision, and all of a kind. */
export const kindSchema = z.union([
  z.object({ revision, subscriptions }),
  z.object({ revision, views }),
  z.object({ revision, stars }),
  z.object({ revision, mutes }),
  z.object({ revision, settings }),
]);
export const oneSubscriptionSchema = z.object({ revision, subscription: keptSubscriptionSchema });
export const revisionSchema = z.object({ revision });

/** Somebody else has written since: `current` is what the request would have been answered with. */
export const conflictSchema = problemSchema.extend({
  current: z.union([kindSchema, oneSubscriptionSchema, revisionSchema]),
});
