/** What an environment would be deployed with. */
export interface Settings {
  /** `[env.<name>.vars]` of wrangler.toml. */
  vars: Record<string, unknown>;
  /** Names of the secrets that the Worker has or is given. */
  secrets: readonly string[];
  /** Ids of its KV namespaces, by binding; undefined: wrangler makes it, or has made it before. */
  kvIds: Record<string, string | undefined>;
}

const IN_VARS = 'set it among the variables of the environment in wrangler.toml';
const AS_SECRET = 'set it with wrangler secret put, or give wrangler a --secrets-file';
/** What nobody may read in a repository. */
const SECRETS = [
  'INGEST_SECRET',
  'INGEST_SECRET_PREVIOUS',
  'SESSION_SECRET',
  'JWT_SECRET',
  'METRICS_TOKEN',
  'UPSTASH_REDIS_REST_TOKEN',
];

/** What is missing or must not be, each in a sentence that begins with its name; empty: it can be deployed. */
export function faultsOf({ vars, secrets, kvIds }: Settings): string[] {
  const has = (name: string) => Boolean(vars[name]) || secrets.includes(name);
  const faults: (string | false)[] = [
    vars.APP_ENV !== 'production' && `APP_ENV: must be "production"; ${IN_VARS}`,
    vars.AUTH_MODE !== 'jwt' && `AUTH_MODE: must be "jwt", as production lets no guests in; ${IN_VARS}`,
    ...['JWT_ISSUER', 'JWT_AUDIENCE'].map(name => !has(name) && `${name}: is missing; ${IN_VARS}`),
    !has('JWT_JWKS_URL') &&
      !has('JWT_SECRET') &&
      `JWT_JWKS_URL: is missing, and so is the secret JWT_SECRET; one of them says how tokens are signed`,
    has('JWT_JWKS_URL') && has('JWT_SECRET') && `JWT_SECRET: is set beside JWT_JWKS_URL; tokens are signed one way`,
    ...['INGEST_SECRET', 'SESSION_SECRET'].map(
      name => !secrets.includes(name) && !vars[name] && `${name}: is missing; ${AS_SECRET}`,
    ),
    ...SECRETS.map(name => Boolean(vars[name]) && `${name}: is a secret, which belongs into no file; ${AS_SECRET}`),
    has('UPSTASH_REDIS_REST_URL') !== has('UPSTASH_REDIS_REST_TOKEN') &&
      `UPSTASH_REDIS_REST_TOKEN: belongs to UPSTASH_REDIS_REST_URL; one of the two is missing`,
    ...Object.entries(kvIds).map(
      ([binding, id]) =>
        id !== undefined &&
        !/^[0-9a-f]{32}$/.test(id) &&
        `${binding}: "${id}" is no id of a KV namespace; without one wrangler makes the namespace`,
    ),
  ];
  return faults.filter(fault => fault !== false);
}
