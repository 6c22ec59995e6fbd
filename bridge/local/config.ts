import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { SESSION_LIMITS } from '../../shared/limits.ts';
import { type BridgeConfig, readConfig } from '../config.ts';
import { redisUrlSchema } from '../redis-url.ts';

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
  /** Shared by bridge and Worker; another one at each start. */
  ingestSecret: string;
  /** Its port 0 takes any that is free. */
  bridge: Omit<BridgeConfig, 'redisUrl' | 'workerUrl' | 'ingestSecret'>;
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
  APP_ENV: z.enum(['development', 'production']).default('development'),
  AUTH_MODE: z.enum(['open', 'jwt']).default('open'),
  EVENTS_PER_SECOND: z.coerce
    .number('expected a number')
    .pipe(z.int().min(0))
    .default(SESSION_LIMITS.events_per_second),
  MAX_CONNECTIONS_PER_ADDRESS: z.string().default(''),
  ALLOWED_ORIGINS: z.string().default(''),
  JWT_SECRET: z.string().default(''),
  JWT_JWKS_URL: z.string().default(''),
  JWT_ISSUER: z.string().default(''),
  JWT_AUDIENCE: z.string().default(''),
  TIER_POLICY: z.string().default(''),
  ROUTER_RULES: z.string().default(''),
});

/**
 * Reads the environment; a variable that is empty counts as not set.
 * @throws Error of one line that begins with the name of the variable that is wrong
 */
export function readLocalConfig(env: Record<string, string | undefined>): LocalConfig {
  const given = Object.fromEntries(Object.keys(variablesSchema.shape).map(name => [name, env[name] || undefined]));
  const parsed = variablesSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${issue!.path.join('.')}: ${issue!.message}`);
  }
  const variables = parsed.data;
  const ingestSecret = randomBytes(32).toString('hex');
  return {
    host: variables.HOST,
    port: variables.PORT,
    redisUrl: variables.REDIS_URL ?? null,
    simulate: variables.SIMULATE ? variables.SIMULATE === '1' : !variables.REDIS_URL,
    simulateRate: variables.SIMULATE_RATE,
    dataDir: variables.DATA_DIR,
    ingestSecret,
    bridge: readBridgeConfig(env, ingestSecret),
    workerVars: {
      APP_ENV: variables.APP_ENV,
      AUTH_MODE: variables.AUTH_MODE,
      EVENTS_PER_SECOND: String(variables.EVENTS_PER_SECOND),
      MAX_CONNECTIONS_PER_ADDRESS: variables.MAX_CONNECTIONS_PER_ADDRESS,
      ALLOWED_ORIGINS: variables.ALLOWED_ORIGINS,
      JWT_SECRET: variables.JWT_SECRET,
      JWT_JWKS_URL: variables.JWT_JWKS_URL,
      JWT_ISSUER: variables.JWT_ISSUER,
      JWT_AUDIENCE: variables.JWT_AUDIENCE,
      TIER_POLICY: variables.TIER_POLICY,
      ROUTER_RULES: variables.ROUTER_RULES,
    },
  };
}

/** The bridge's own variables; where it listens and posts is known once the other parts have started. */
function readBridgeConfig(env: Record<string, string | undefined>, secret: string): LocalConfig['bridge'] {
  const { redisUrl, workerUrl, ingestSecret, ...config } = readConfig({
    ...env,
    REDIS_URL: 'redis://127.0.0.1',
    WORKER_URL: 'http://127.0.0.1',
    INGEST_SECRET: secret,
    BRIDGE_PORT: env.BRIDGE_PORT || '0',
    LOG_LEVEL: env.LOG_LEVEL || 'warn',
  });
  return config;
}
