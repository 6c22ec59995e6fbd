import * as z from 'zod';

/** What the bridges could not read, and what no topic carries. */
export const rejectsSchema = z.object({
  /** The newest first; `sample` is a message's first 2 KB. */
  rejects: z.array(z.object({ channel: z.string(), reason: z.string(), sample: z.string(), at: z.string() })),
  /** All there were, by channel and reason. */
  counts: z.array(z.object({ channel: z.string(), reason: z.string(), count: z.int() })),
  not_routed: z.array(z.object({ channel: z.string(), kind: z.string(), count: z.int() })),
});
export type Rejects = z.infer<typeof rejectsSchema>;
