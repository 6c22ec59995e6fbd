/** Variables of an environment that can be deployed. */
export const COMPLETE_VARS = {
  APP_ENV: 'production',
  AUTH_MODE: 'jwt',
  JWT_ISSUER: 'https://issuer.example',
  JWT_AUDIENCE: 'tickstock',
  JWT_JWKS_URL: 'https://issuer.example/keys',
  UPSTASH_REDIS_REST_URL: '',
};
