import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import * as z from 'zod';
import { SESSION_LIMITS } from '../../shared/limits.ts';
import { type BridgeConfig, type RestConfig, readConfig } from '../config.ts';
import { redisUrlSchema } from '../redis-url.ts';
import type { ReferenceFile } from './reference-file.ts';

/** What `npm start` and `npm run dev` run with. */
export interface LocalConfig {
  /** Where the Worker listens; port 0 takes any that is free. */
  host: string;
  port: number;
  /** null: start a Redis of our own. */
  redisUrl: string | null;
  /** Whether the simulator publishes. */
  simulate: boolean;
  /** Patterns a second. */
  simulateRate: number;
  dataDir: string;
  referenceFile: ReferenceFile;
  /** Shared by bridge and Worker; another one at each start. */
  ingestSecret: string;
  /** Its port 0 takes any that is free. */
  bridge: Omit<BridgeConfig, 'redisUrl' | 'workerUrl' | 'ingestSecret' | 'rest'> & { rest: RestConfig };
  /** Variables that the Worker reads itself. */
  workerVars: Record<string, string>;
}

const MAX_SIMULATE_RATE = 2_000;

const variablesSchema = z.object({
  PORT: z.coerce.number('expected a port').pipe(z.int().min(0).max(65_535)).default(8787),
  HOST: z.string().default('127.0.0.1'),
  REDIS_URL: redisUrlSchema.optional(),
  SIMULATE: z.enum(['0', '1']).optional(),
  SIMULATE_RATE: z.coerce.number('expected a number').min(1).max(MAX_SIMULATE_RATE).default(4),
  DATA_DIR: z.string().default('.tickstock'),
  REFERENCE_FILE: z.string().optional(),
  APP_ENV: z.enum(['development', 'production']).default('development'),
  AUTH_MODE: z.enum(['open', 'jwt']).default('open'),
  EVENTS_PER_SECOND: z.coerce
    .number('expected a number')
    .pipe(z.int().min(0))
    .default(SESSION_LIMITS.events_per_second),
  MAX_CONNECTIONS_PER_ADDRESS: z.string().default(''),
  ALLOWED_ORIGINS: z.string().default(''),
  METRICS_TOKEN: z.string().default(''),
  JWT_SECRET: z.string().default(''),
  JWT_JWKS_URL: z.string().default(''),
  JWT_ISSUER: z.string().default(''),
  JWT_AUDIENCE: z.string().default(''),
  HUB_REPLICAS: z.string().default(''),
  TIER_POLICY: z.string().default(''),
  ROUTER_RULES: z.string().default(''),
});

/** Names of all that `npm start` reads in its environment besides what is its bridge's. */
export const LOCAL_VARIABLES = Object.keys(variablesSchema.shape);

/**
 * Reads the environment; a variable that is empty counts as not set.
 * @throws Error of one line that begins with the name of the variable that is wrong
 */
export function readLocalConfig(env: Record<string, string | undefined>): LocalConfig {
  const given = Object.fromEntries(LOCAL_VARIABLES.map(name => [name, env[name] || undefined]));
  const parsed = variablesSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${issue!.path.join('.')}: ${issue!.message}`);
  }
  const variables = parsed.data;
  const ingestSecret = randomBytes(32).toString('hex');
  const bridge = readBridgeConfig(env, ingestSecret);
  return {
    host: variables.HOST,
    port: variables.PORT,
    redisUrl: variables.REDIS_URL ?? null,
    simulate: variables.SIMULATE ? variables.SIMULATE === '1' : !variables.REDIS_URL,
    simulateRate: variables.SIMULATE_RATE,
    dataDir: variables.DATA_DIR,
    referenceFile: {
      path: variables.REFERENCE_FILE ?? referencePath(variables.DATA_DIR),
      isRequired: variables.REFERENCE_FILE !== undefined,
    },
    ingestSecret,
    bridge,
    workerVars: {
      APP_ENV: variables.APP_ENV,
      LOG_LEVEL: ['trace', 'debug'].includes(bridge.logLevel) ? 'debug' : 'info',
      AUTH_MODE: variables.AUTH_MODE,
      EVENTS_PER_SECOND: String(variables.EVENTS_PER_SECOND),
      MAX_CONNECTIONS_PER_ADDRESS: variables.MAX_CONNECTIONS_PER_ADDRESS,
      ALLOWED_ORIGINS: variables.ALLOWED_ORIGINS,
      METRICS_TOKEN: variables.METRICS_TOKEN,
      JWT_SECRET: variables.JWT_SECRET,
      JWT_JWKS_URL: variables.JWT_JWKS_URL,
      JWT_ISSUER: variables.JWT_ISSUER,
      JWT_AUDIENCE: variables.JWT_AUDIENCE,
      HUB_REPLICAS: variables.HUB_REPLICAS,
      TIER_POLICY: variables.TIER_POLICY,
      ROUTER_RULES: variables.ROUTER_RULES,
    },
  };
}

/** Where `npm run reference` puts what `npm start` is to load. */
export function referencePath(dataDir: string): string {
  return resolve(dataDir, 'reference.json');
}

/** The bridge's own variables; where it listens and posts is known once the other parts have started. */
function readBridgeConfig(env: Record<string, string | undefined>, secret: string): LocalConfig['bridge'] {
  const { redisUrl, workerUrl, ingestSecret, rest, ...config } = readConfig({
    ...env,
    REDIS_URL: 'redis://127.0.0.1',
    WORKER_URL: 'http://127.0.0.1',
    INGEST_SECRET: secret,
    BRIDGE_PORT: env.BRIDGE_PORT || '0',
    UPSTASH_REDIS_REST_TOKEN: randomBytes(32).toString('hex'),
    REDIS_REST_PORT: env.REDIS_REST_PORT || '0',
    LOG_LEVEL: env.LOG_LEVEL || 'warn',
  });
  return { ...config, rest: rest! };
}
