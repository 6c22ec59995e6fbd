import * as z from 'zod';
import { CHANNELS, type ChannelTable, UNROUTED_KINDS } from '../shared/channels.ts';
import { INGEST_KINDS } from '../shared/events.ts';
import { MAX_LISTENED_CHANNELS } from '../shared/limits.ts';
import { type Policy, readPolicy } from '../shared/tier-policy.ts';
import { TIERS } from '../shared/topics.ts';
import type { StreamTable } from './normalise/stream-entry.ts';
import { OUTBOX_LIMITS } from './outbox/outbox.ts';
import { readRedisUrl, redisUrlSchema } from './redis-url.ts';

/** What a bridge runs with. */
export interface BridgeConfig {
  /** As `readRedisUrl` reads it; null when another source takes Redis's place. */
  redisUrl: string | null;
  /** The Worker's base URL, without a slash at its end. */
  workerUrl: string;
  /** Signs what is posted; the Worker has the same. */
  ingestSecret: string;
  /** What the id of each start begins with. */
  bridgeId: string;
  appEnv: 'development' | 'production';
  policy: Policy;
  /** Where /healthz and /metrics listen; port 0 = any that is free. */
  host: string;
  port: number;
  logLevel: (typeof LOG_LEVELS)[number];
  channels: ChannelTable;
  /** Streams to read besides, by key; empty: none. */
  streams: StreamTable;
  /** The consumer group that all bridges share. */
  streamGroup: string;
  /** The folder of what waits when the bridge is not there to post it. */
  dataDir: string;
  /** What may wait, in memory and on disk together: bytes of the events' JSON. */
  outboxMaxBytes: number;
  /** Where the Worker publishes jobs; null: it cannot. */
  rest: RestConfig | null;
}

/** Where Redis is spoken to over HTTP; port 0 = any that is free. */
export interface RestConfig {
  host: string;
  port: number;
  token: string;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const MIN_SECRET_BYTES = 32;
/** The number of channels, and that of streams, bounds what is counted per channel. */
const MAX_CHANNELS = MAX_LISTENED_CHANNELS / 2;
/** Some batches' worth. */
const MIN_OUTBOX_BYTES = 4 * 1024 * 1024;

const nameSchema = z.string().min(1).max(200);
const channelSchema = z.strictObject({
  kind: z.enum([...INGEST_KINDS, ...UNROUTED_KINDS]),
  tier: z.enum(TIERS).exactOptional(),
  state: z.enum(['started', 'stopped']).exactOptional(),
});
const channelTableSchema = z
  .record(nameSchema, channelSchema)
  .refine(table => Object.keys(table).length > 0, 'names no channel')
  .refine(table => Object.keys(table).length <= MAX_CHANNELS, `names over ${MAX_CHANNELS} channels`);
const streamTableSchema = z
  .record(nameSchema, channelSchema.extend({ field: nameSchema.default('data') }))
  .refine(table => Object.keys(table).length <= MAX_CHANNELS, `names over ${MAX_CHANNELS} streams`);

const url = (protocol: RegExp, example: string) => z.url({ protocol, error: `expected a URL like ${example}` });
const secretSchema = z
  .string('is not set')
  .refine(secret => Buffer.byteLength(secret) >= MIN_SECRET_BYTES, `has under ${MIN_SECRET_BYTES} bytes`);
const portSchema = z.coerce.number('expected a port').pipe(z.int().min(0).max(65_535));
const variablesSchema = z.object({
  REDIS_URL: redisUrlSchema,
  WORKER_URL: url(/^https?$/, 'https://edge.example.com').transform(text => text.replace(/\/+$/, '')),
  INGEST_SECRET: secretSchema,
  BRIDGE_ID: z
    .string()
    .regex(/^[\w.-]{1,50}$/, 'expected 1-50 letters, digits, dots, dashes or underscores')
    .default('bridge'),
  APP_ENV: z.enum(['development', 'production']).default('development'),
  TIER_POLICY: z.string().default(''),
  BRIDGE_HOST: z.string().default('127.0.0.1'),
  BRIDGE_PORT: portSchema.default(9_464),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  CHANNELS: z.string().optional(),
  STREAMS: z.string().default('{}'),
  STREAM_GROUP: z.string().max(100, 'has over 100 characters').default('tickstock-edge'),
  DATA_DIR: z.string().default('.tickstock'),
  OUTBOX_MAX_BYTES: z.coerce
    .number('expected a number of bytes')
    .pipe(z.int().min(MIN_OUTBOX_BYTES))
    .default(OUTBOX_LIMITS.maxTotalBytes),
  UPSTASH_REDIS_REST_TOKEN: secretSchema.optional(),
  REDIS_REST_HOST: z.string().default('127.0.0.1'),
  REDIS_REST_PORT: portSchema.default(9_465),
});

/** Names of all that a bridge reads in its environment. */
export const BRIDGE_VARIABLES = Object.keys(variablesSchema.shape);

/**
 * Reads the environment, once; an empty variable counts as not set.
 * @throws Error of one line that begins with the name of the variable that is wrong, and never shows its value
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): BridgeConfig {
  const given = Object.fromEntries(BRIDGE_VARIABLES.map(name => [name, env[name] || undefined]));
  const parsed = variablesSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue!.path[0]);
    throw new Error(`${name}: ${given[name] === undefined ? 'is not set' : issue!.message}`);
  }
  const variables = parsed.data;
  return {
    redisUrl: variables.REDIS_URL,
    workerUrl: variables.WORKER_URL,
    ingestSecret: variables.INGEST_SECRET,
    bridgeId: variables.BRIDGE_ID,
    appEnv: variables.APP_ENV,
    policy: readPolicy(variables.TIER_POLICY),
    host: variables.BRIDGE_HOST,
    port: variables.BRIDGE_PORT,
    logLevel: variables.LOG_LEVEL,
    channels:
      variables.CHANNELS === undefined ? CHANNELS : readTable('CHANNELS', channelTableSchema, variables.CHANNELS),
    streams: readStreams(variables.STREAMS, variables.REDIS_URL),
    streamGroup: variables.STREAM_GROUP,
    dataDir: variables.DATA_DIR,
    outboxMaxBytes: variables.OUTBOX_MAX_BYTES,
    rest: readRest(variables),
  };
}

function readRest(variables: z.infer<typeof variablesSchema>): RestConfig | null {
  const { UPSTASH_REDIS_REST_TOKEN: token, REDIS_REST_HOST: host, REDIS_REST_PORT: port } = variables;
  return token === undefined ? null : { host, port, token };
}

function readStreams(json: string, redisUrl: string): StreamTable {
  const streams = readTable('STREAMS', streamTableSchema, json);
  if (Object.keys(streams).length > 0 && readRedisUrl(redisUrl)?.kind === 'cluster') {
    throw new Error('STREAMS: cannot be read from a cluster');
  }
  return streams;
}

function readTable<T>(name: string, schema: z.ZodType<T>, json: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Error(`${name}: is not JSON`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${name}: ${[...issue!.path, issue!.message].join(': ')}`);
}
