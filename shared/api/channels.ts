import * as z from 'zod';
import { UNROUTED_KINDS } from '../channels.ts';
import { INGEST_KINDS } from '../events.ts';
import { heardChannelSchema } from '../ingest-protocol.ts';
import { TIERS } from '../topics.ts';

const count = z.int().min(0);
const time = z.iso.datetime();

/** What one bridge hears on one channel, since it started. */
const channelOfBridgeSchema = heardChannelSchema
  .omit({ channel: true, kind: true, tier: true, last_message_at_ms: true })
  .extend({ bridge_id: z.string(), last_message_at: time.nullable() });

const channelSchema = z.strictObject({
  channel: z.string(),
  /** What it carries by the bridges' table; null when no bridge listens to it. */
  kind: z.enum([...INGEST_KINDS, ...UNROUTED_KINDS]).nullable(),
  tier: z.enum(TIERS).nullable(),
  /** Of any bridge, stopped ones too, by its clock; null when none has been told of yet. */
  last_message_at: time.nullable(),
  /** Of the bridges listed. */
  shapes: z.array(z.string()),
  bridges: z.array(channelOfBridgeSchema),
  /** Since the tape of `system` began, the most frequent first. */
  rejects: z.array(z.strictObject({ reason: z.string(), count })),
  not_routed: z.array(z.strictObject({ kind: z.string(), count })),
});

/** The answer of `GET /api/channels`. */
export const channelsSchema = z.strictObject({
  generated_at: time,
  /** Those that told of their channels within a day, the newest first; of each name its newest start. */
  bridges: z.array(
    z.strictObject({
      bridge_id: z.string(),
      name: z.string(),
      told_at: time,
      /** Whether it has told of them within 45 s. */
      alive: z.boolean(),
    }),
  ),
  /** By name. */
  channels: z.array(channelSchema),
});
export type Channels = z.infer<typeof channelsSchema>;
