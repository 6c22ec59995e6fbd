import * as z from 'zod';
import { backtestSchema } from './api/backtests.ts';
import { MAX_ID_LENGTH } from './limits.ts';
import { USER_TOPIC } from './topics.ts';
import { type UserItem, userChangeSchema } from './user-data.ts';
import { USER_KINDS, USER_LIMITS } from './user-kinds.ts';

/** Client to server: these items are to be so, all of them or none. `id` names the message in its answer. */
export const changeMessageSchema = z.strictObject({
  type: z.literal('change'),
  id: z.string().min(1).max(MAX_ID_LENGTH),
  changes: z.array(userChangeSchema).min(1).max(USER_LIMITS.max_changes),
});
/** Client to server: what are my backtests? From then on each that changes is told in any case. */
export const listBacktestsMessageSchema = z.strictObject({ type: z.literal('backtests') });
export const userClientMessageSchema = z.discriminatedUnion('type', [changeMessageSchema, listBacktestsMessageSchema]);

/** An item as `userChangeSchema` has let it in. */
export const keptItemSchema = z.object({
  kind: z.enum(USER_KINDS),
  id: z.string(),
  value: z.custom<UserItem['value']>(),
});

export const userHelloSchema = z.object({
  type: z.literal('hello'),
  protocol: z.int(),
  topic: z.literal(USER_TOPIC),
  session_id: z.string(),
  /** Rises with every change; 0 = nothing is kept. */
  revision: z.int().min(0),
  /** All that is kept, in the order in which it came. */
  items: z.array(keptItemSchema),
  limits: z.object({
    messages_per_second: z.int(),
    message_burst: z.int(),
    max_message_bytes: z.int(),
    max_items: z.record(z.enum(USER_KINDS), z.int()),
    max_kind_bytes: z.int(),
    max_user_bytes: z.int(),
    max_changes: z.int(),
  }),
  identity: z.object({ user_id: z.string(), guest: z.boolean() }),
  server_at_ms: z.int().min(0),
});
export const changedSchema = z.object({
  type: z.literal('changed'),
  revision: z.int().min(0),
  /** What is otherwise than before; value null = no longer kept. */
  changes: z.array(keptItemSchema),
  /** Of the message that this answers; only to the session that sent it. */
  id: z.string().optional(),
});
/** All of the user's backtests, the newest first; to the session that asked. */
export const backtestsFrameSchema = z.object({ type: z.literal('backtests'), jobs: z.array(backtestSchema) });
/** One that is new, or otherwise than before. */
export const backtestFrameSchema = z.object({ type: z.literal('backtest'), job: backtestSchema });
export const backtestRemovedFrameSchema = z.object({ type: z.literal('backtest_removed'), job_id: z.string() });
/** Why a message changed nothing. */
export const USER_ERROR_CODES = ['bad_json', 'bad_message', 'over_limit', 'rate_limited'] as const;
export const userErrorSchema = z.object({
  type: z.literal('error'),
  id: z.string().optional(),
  code: z.enum(USER_ERROR_CODES),
  /** What of the message is at fault, e.g. `changes.3.value.name`. */
  field: z.string().optional(),
  message: z.string(),
  retryable: z.boolean(),
});

/** Server to client. */
export const userMessageSchema = z.discriminatedUnion('type', [
  userHelloSchema,
  changedSchema,
  backtestsFrameSchema,
  backtestFrameSchema,
  backtestRemovedFrameSchema,
  userErrorSchema,
]);
export type UserMessage = z.infer<typeof userMessageSchema>;
export type ChangeMessage = z.infer<typeof changeMessageSchema>;
export type UserError = z.infer<typeof userErrorSchema>;
