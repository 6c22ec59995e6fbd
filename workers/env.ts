import * as z from 'zod';
import { SESSION_LIMITS } from '../shared/limits.ts';
import { type Policy, readPolicy } from '../shared/tier-policy.ts';
import { type Replicas, readReplicas } from './core/replicas.ts';
import { type Rule, readRules } from './core/router-rules.ts';
import type { TopicHub } from './hub/topic-hub.ts';
import { type TokenRules, type TokenVerifier, tokenVerifier } from './identity/token.ts';
import type { TopicReplica } from './tree/topic-replica.ts';
import type { UserHub } from './user/user-hub.ts';

/** Bindings and variables, as wrangler.toml and the secrets give them. Only this file reads the variables. */
export interface Env {
  HUB: DurableObjectNamespace<TopicHub>;
  REPLICA: DurableObjectNamespace<TopicReplica>;
  USER: DurableObjectNamespace<UserHub>;
  /** Symbols and universes, as an operator has loaded them; absent: none. */
  REFERENCE?: KVNamespace;
  /** The files of the page. */
  ASSETS: Fetcher;
  /** Requests a minute of one address and one user, for `/api/tickets` and for the rest of `/api`. */
  TICKET_LIMIT: RateLimit;
  API_LIMIT: RateLimit;
  /** Which version of the Worker this is. */
  VERSION: WorkerVersionMetadata;
  /** Gets a data point a minute of each hub. */
  ANALYTICS?: AnalyticsEngineDataset;
  APP_ENV?: string;
  LOG_LEVEL?: string;
  AUTH_MODE?: string;
  INGEST_SECRET?: string;
  INGEST_SECRET_PREVIOUS?: string;
  SESSION_SECRET?: string;
  METRICS_TOKEN?: string;
  JWT_SECRET?: string;
  JWT_JWKS_URL?: string;
  JWT_ISSUER?: string;
  JWT_AUDIENCE?: string;
  EVENTS_PER_SECOND?: string;
  HUB_LOCATION?: string;
  HUB_REPLICAS?: string;
  MAX_CONNECTIONS_PER_ADDRESS?: string;
  ALLOWED_ORIGINS?: string;
  TIER_POLICY?: string;
  ROUTER_RULES?: string;
  UPSTASH_REDIS_REST_URL?: string;
  UPSTASH_REDIS_REST_TOKEN?: string;
}

const MIN_SECRET_BYTES = 32;
/** Sockets of one address on one hub, in production. */
const MAX_CONNECTIONS_PER_ADDRESS = 20;

/** https://developers.cloudflare.com/durable-objects/reference/data-location/#provide-a-location-hint */
const HUB_LOCATIONS = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me'] as const;

const secretSchema = z
  .string('is missing')
  .refine(secret => new TextEncoder().encode(secret).length >= MIN_SECRET_BYTES, `is under ${MIN_SECRET_BYTES} bytes`);

const variablesSchema = z.object({
  APP_ENV: z.enum(['development', 'production']).default('production'),
  LOG_LEVEL: z.enum(['info', 'debug']).default('info'),
  AUTH_MODE: z.enum(['open', 'jwt']).default('open'),
  INGEST_SECRET: secretSchema,
  INGEST_SECRET_PREVIOUS: secretSchema.optional(),
  SESSION_SECRET: secretSchema,
  METRICS_TOKEN: secretSchema.optional(),
  JWT_SECRET: secretSchema.optional(),
  JWT_JWKS_URL: z.url({ protocol: /^https?$/, error: 'expected an https URL' }).optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  EVENTS_PER_SECOND: z.coerce.number().int().min(0).default(SESSION_LIMITS.events_per_second),
  HUB_LOCATION: z.enum(HUB_LOCATIONS).optional(),
  HUB_REPLICAS: z.string().default(''),
  MAX_CONNECTIONS_PER_ADDRESS: z.coerce.number().int().min(0).optional(),
  ALLOWED_ORIGINS: z.string().default(''),
  TIER_POLICY: z.string().default(''),
  ROUTER_RULES: z.string().default(''),
  UPSTASH_REDIS_REST_URL: z.url({ protocol: /^https?$/, error: 'expected an https URL' }).optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
});

/** Names of all variables and secrets that Worker and hubs read. */
export const WORKER_VARIABLES = Object.keys(variablesSchema.shape);

/** What the Worker needs to know. */
export interface WorkerConfig {
  isProduction: boolean;
  /** Those that a batch may be signed with: one, or while it is being changed two. */
  ingestSecrets: string[];
  /** Signs guests' cookies and tickets. */
  sessionSecret: string;
  /** Lets its holder read the metrics; null = only admins may. */
  metricsToken: string | null;
  /** `open`: everybody is a guest. `jwt`: who asks says so with a bearer token. */
  auth: { mode: 'open' } | { mode: 'jwt'; verify: TokenVerifier };
  /** Origins, besides the Worker's own, whose pages may connect, e.g. `https://charts.example`. */
  allowedOrigins: string[];
  policy: Policy;
  replicas: Replicas;
  /** Where backtests are asked for; or the variable that is missing for that. */
  jobs: JobsConfig | { missing: string };
}

/** A Redis that is spoken to over HTTP. */
export interface JobsConfig {
  url: string;
  token: string;
}

/** What a hub needs to know. */
export interface HubConfig {
  /** Per session; 0 = no limit. */
  eventsPerSecond: number;
  /** On this hub; 0 = no limit. */
  maxConnectionsPerAddress: number;
  policy: Policy;
  replicas: Replicas;
  rules: Rule[];
  /** A line of log for each batch. */
  logsBatches: boolean;
}

/** @throws Error naming the variable that is missing or wrong */
export function readWorkerConfig(env: Env): WorkerConfig {
  const variables = readVariables(env);
  if (variables.APP_ENV === 'production' && variables.AUTH_MODE === 'open') {
    throw new Error('AUTH_MODE: "open" lets everybody in and is refused in production');
  }
  // The hubs use the rules; what is wrong with them is to be said before one is reached.
  readRules(variables.ROUTER_RULES);
  return {
    isProduction: variables.APP_ENV === 'production',
    ingestSecrets: [variables.INGEST_SECRET, variables.INGEST_SECRET_PREVIOUS].filter(secret => secret !== undefined),
    sessionSecret: variables.SESSION_SECRET,
    metricsToken: variables.METRICS_TOKEN ?? null,
    auth:
      variables.AUTH_MODE === 'jwt'
        ? { mode: 'jwt', verify: tokenVerifier(readTokenRules(variables)) }
        : { mode: 'open' },
    allowedOrigins: readOrigins(variables.ALLOWED_ORIGINS),
    policy: readPolicy(variables.TIER_POLICY),
    replicas: readReplicas(variables.HUB_REPLICAS),
    jobs: readJobs(variables),
  };
}

/** @throws Error naming the variable that is wrong */
export function readHubConfig(env: Env): HubConfig {
  const variables = readVariables(env);
  return {
    eventsPerSecond: variables.EVENTS_PER_SECOND,
    maxConnectionsPerAddress:
      variables.MAX_CONNECTIONS_PER_ADDRESS ?? (variables.APP_ENV === 'production' ? MAX_CONNECTIONS_PER_ADDRESS : 0),
    policy: readPolicy(variables.TIER_POLICY),
    replicas: readReplicas(variables.HUB_REPLICAS),
    rules: readRules(variables.ROUTER_RULES),
    logsBatches: variables.LOG_LEVEL === 'debug',
  };
}

/** Near where hubs are to be made; undefined: near whoever calls one first. Checked by `readWorkerConfig`. */
export function hubLocation(env: Env): DurableObjectLocationHint | undefined {
  return HUB_LOCATIONS.find(location => location === env.HUB_LOCATION);
}

type Variables = z.infer<typeof variablesSchema>;

/** Exact origins: what is nearly one would match nothing, and `*` everybody. */
function readOrigins(list: string): string[] {
  const origins = list
    .split(',')
    .map(origin => origin.trim())
    .filter(Boolean);
  const wrong = origins.find(origin => !/^https?:/.test(origin) || new URL(origin).origin !== origin);
  if (wrong === undefined) return origins;
  throw new Error(`ALLOWED_ORIGINS: "${wrong}" is not an origin such as https://charts.example`);
}

function readTokenRules(variables: Variables): TokenRules {
  const { JWT_SECRET: secret, JWT_JWKS_URL: url, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = variables;
  if (!issuer) throw new Error('JWT_ISSUER: is missing, which AUTH_MODE=jwt needs');
  if (!audience) throw new Error('JWT_AUDIENCE: is missing, which AUTH_MODE=jwt needs');
  if (secret && url) throw new Error('JWT_SECRET: is set beside JWT_JWKS_URL; tokens are signed one way');
  if (secret) return { key: { secret }, issuer, audience };
  if (!url) throw new Error('JWT_SECRET: is missing, and so is JWT_JWKS_URL; AUTH_MODE=jwt needs one of them');
  const jwksUrl = new URL(url);
  if (variables.APP_ENV === 'production' && jwksUrl.protocol !== 'https:') {
    throw new Error('JWT_JWKS_URL: keys that come over plain http are anybody’s; expected an https URL');
  }
  return { key: { jwksUrl }, issuer, audience };
}

function readJobs(variables: Variables): WorkerConfig['jobs'] {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = variables;
  if (!url) return { missing: 'UPSTASH_REDIS_REST_URL' };
  if (!token) return { missing: 'UPSTASH_REDIS_REST_TOKEN' };
  if (variables.APP_ENV === 'production' && !url.startsWith('https:') && !isLoopback(url)) {
    throw new Error('UPSTASH_REDIS_REST_URL: the token would travel over plain http; expected an https URL');
  }
  return { url, token };
}

/** What goes there does not leave the machine. */
function isLoopback(url: string): boolean {
  return /^(127\.[\d.]+|localhost|\[::1\])$/.test(new URL(url).hostname);
}

function readVariables(env: Env): Variables {
  // An empty variable counts as not set.
  const given = Object.fromEntries(WORKER_VARIABLES.map(name => [name, env[name as keyof Env] || undefined]));
  const parsed = variablesSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new Error(`${issue.path.join('.')}: ${issue.message}`);
}
