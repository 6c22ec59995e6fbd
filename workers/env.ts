import * as z from 'zod';
import { SESSION_LIMITS } from '../shared/limits.ts';
import { type Policy, readPolicy } from '../shared/tier-policy.ts';
import { type Rule, readRules } from './core/router-rules.ts';
import type { TopicHub } from './hub/topic-hub.ts';
import { type TokenRules, type TokenVerifier, tokenVerifier } from './identity/token.ts';
import type { UserHub } from './user/user-hub.ts';

/** Bindings and variables, as wrangler.toml and the secrets give them. Only this file reads the variables. */
export interface Env {
  HUB: DurableObjectNamespace<TopicHub>;
  USER: DurableObjectNamespace<UserHub>;
  /** The files of the page. */
  ASSETS: Fetcher;
  /** Requests a minute of one address and one user, for `/api/tickets` and for the rest of `/api`. */
  TICKET_LIMIT: RateLimit;
  API_LIMIT: RateLimit;
  APP_ENV?: string;
  AUTH_MODE?: string;
  INGEST_SECRET?: string;
  INGEST_SECRET_PREVIOUS?: string;
  SESSION_SECRET?: string;
  JWT_SECRET?: string;
  JWT_JWKS_URL?: string;
  JWT_ISSUER?: string;
  JWT_AUDIENCE?: string;
  EVENTS_PER_SECOND?: string;
  MAX_CONNECTIONS_PER_ADDRESS?: string;
  ALLOWED_ORIGINS?: string;
  TIER_POLICY?: string;
  ROUTER_RULES?: string;
}

const MIN_SECRET_BYTES = 32;
/** Sockets of one address on one hub, in production. */
const MAX_CONNECTIONS_PER_ADDRESS = 20;

const secretSchema = z
  .string('is missing')
  .refine(secret => new TextEncoder().encode(secret).length >= MIN_SECRET_BYTES, `is under ${MIN_SECRET_BYTES} bytes`);

const variablesSchema = z.object({
  APP_ENV: z.enum(['development', 'production']).default('production'),
  AUTH_MODE: z.enum(['open', 'jwt']).default('open'),
  INGEST_SECRET: secretSchema,
  INGEST_SECRET_PREVIOUS: secretSchema.optional(),
  SESSION_SECRET: secretSchema,
  JWT_SECRET: secretSchema.optional(),
  JWT_JWKS_URL: z.url({ protocol: /^https?$/, error: 'expected an https URL' }).optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  EVENTS_PER_SECOND: z.coerce.number().int().min(0).default(SESSION_LIMITS.events_per_second),
  MAX_CONNECTIONS_PER_ADDRESS: z.coerce.number().int().min(0).optional(),
  ALLOWED_ORIGINS: z.string().default(''),
  TIER_POLICY: z.string().default(''),
  ROUTER_RULES: z.string().default(''),
});

/** What the Worker needs to know. */
export interface WorkerConfig {
  isProduction: boolean;
  /** Those that a batch may be signed with: one, or while it is being changed two. */
  ingestSecrets: string[];
  /** Signs guests' cookies and tickets. */
  sessionSecret: string;
  /** `open`: everybody is a guest. `jwt`: who asks says so with a bearer token. */
  auth: { mode: 'open' } | { mode: 'jwt'; verify: TokenVerifier };
  /** Origins, besides the Worker's own, whose pages may connect, e.g. `https://charts.example`. */
  allowedOrigins: string[];
  policy: Policy;
}

/** What a hub needs to know. */
export interface HubConfig {
  /** Per session; 0 = no limit. */
  eventsPerSecond: number;
  /** On this hub; 0 = no limit. */
  maxConnectionsPerAddress: number;
  policy: Policy;
  rules: Rule[];
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
    auth:
      variables.AUTH_MODE === 'jwt'
        ? { mode: 'jwt', verify: tokenVerifier(readTokenRules(variables)) }
        : { mode: 'open' },
    allowedOrigins: readOrigins(variables.ALLOWED_ORIGINS),
    policy: readPolicy(variables.TIER_POLICY),
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
    rules: readRules(variables.ROUTER_RULES),
  };
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

function readVariables(env: Env): Variables {
  // An empty variable counts as not set.
  const given = Object.fromEntries(
    Object.keys(variablesSchema.shape).map(name => [name, env[name as keyof Env] || undefined]),
  );
  const parsed = variablesSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new Error(`${issue.path.join('.')}: ${issue.message}`);
}
