import * as z from 'zod';
import { SESSION_LIMITS } from '../shared/limits.ts';
import { type Policy, readPolicy } from '../shared/tier-policy.ts';
import { type Rule, readRules } from './core/router-rules.ts';
import type { TopicHub } from './hub/topic-hub.ts';

/** Bindings and variables, as wrangler.toml and the secrets give them. Only this file reads the variables. */
export interface Env {
  HUB: DurableObjectNamespace<TopicHub>;
  /** The files of the page. */
  ASSETS: Fetcher;
  APP_ENV?: string;
  AUTH_MODE?: string;
  INGEST_SECRET?: string;
  EVENTS_PER_SECOND?: string;
  ALLOWED_ORIGINS?: string;
  TIER_POLICY?: string;
  ROUTER_RULES?: string;
}

const MIN_SECRET_BYTES = 32;

const variablesSchema = z.object({
  APP_ENV: z.enum(['development', 'production']).default('production'),
  AUTH_MODE: z.enum(['open']).default('open'),
  INGEST_SECRET: z
    .string('is missing')
    .refine(
      secret => new TextEncoder().encode(secret).length >= MIN_SECRET_BYTES,
      `is under ${MIN_SECRET_BYTES} bytes`,
    ),
  EVENTS_PER_SECOND: z.coerce.number().int().min(0).default(SESSION_LIMITS.events_per_second),
  ALLOWED_ORIGINS: z.string().default(''),
  TIER_POLICY: z.string().default(''),
  ROUTER_RULES: z.string().default(''),
});

/** What the Worker needs to know. */
export interface WorkerConfig {
  ingestSecret: string;
  /** Origins, besides the Worker's own, whose pages may connect, e.g. `https://charts.example`. */
  allowedOrigins: string[];
  policy: Policy;
}

/** What a hub needs to know. */
export interface HubConfig {
  /** Per session; 0 = no limit. */
  eventsPerSecond: number;
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
    ingestSecret: variables.INGEST_SECRET,
    allowedOrigins: variables.ALLOWED_ORIGINS.split(',')
      .map(origin => origin.trim())
      .filter(Boolean),
    policy: readPolicy(variables.TIER_POLICY),
  };
}

/** @throws Error naming the variable that is wrong */
export function readHubConfig(env: Env): HubConfig {
  const variables = readVariables(env);
  return {
    eventsPerSecond: variables.EVENTS_PER_SECOND,
    policy: readPolicy(variables.TIER_POLICY),
    rules: readRules(variables.ROUTER_RULES),
  };
}

function readVariables(env: Env): z.infer<typeof variablesSchema> {
  // An empty variable counts as not set.
  const given = Object.fromEntries(
    Object.keys(variablesSchema.shape).map(name => [name, env[name as keyof Env] || undefined]),
  );
  const parsed = variablesSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new Error(`${issue.path.join('.')}: ${issue.message}`);
}
