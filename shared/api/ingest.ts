import * as z from 'zod';
import { TOPICS } from '../topics.ts';

/** What a hub answers to a batch that it has on its tape; `head` is the newest seq there. */
const hubAnswerSchema = z.object({ accepted: z.int(), duplicates: z.int(), head: z.int() });
export type HubAnswer = z.infer<typeof hubAnswerSchema>;

const topicAnswerSchema = z.union([hubAnswerSchema, z.object({ error: z.string(), retry: z.boolean() })]);
/** What became of a batch at one topic. */
export type TopicAnswer = z.infer<typeof topicAnswerSchema>;

/** A topic with an `error` may have taken the batch or not: posted again, it is taken once. */
export const ingestAnswerSchema = z.object({
  server_at_ms: z.int(),
  topics: z.partialRecord(z.enum(TOPICS), topicAnswerSchema),
});
export type IngestAnswer = z.infer<typeof ingestAnswerSchema>;
