import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';
import { isTopic, type Topic } from '../../shared/topics.ts';

/** Longer tokens are not looked at. */
export const MAX_TOKEN_BYTES = 8 * 1024;
export const MAX_USER_ID_LENGTH = 128;
const CLOCK_SKEW_SECONDS = 30;
/** Between two tries to fetch keys that could not be had: strangers' tokens are no reason to ask all the time. */
const ASK_AGAIN_MS = 5_000;

/** Of keys that are fetched; with a symmetric one among them, a public key would do to sign. */
const ASYMMETRIC = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const SYMMETRIC = ['HS256'];

/** What tokens must be signed with and say. */
export interface TokenRules {
  key: { secret: string } | { jwksUrl: URL };
  issuer: string;
  audience: string;
}

export type Role = 'admin' | 'user';

/** What a good token says of its bearer. */
export interface TokenClaims {
  userId: string;
  role: Role;
  /** null = all. */
  topics: readonly Topic[] | null;
}

/** Why a token lets nobody in; `keys_unavailable` is not the bearer's fault. */
export type TokenFault =
  | 'token_missing'
  | 'token_too_large'
  | 'token_malformed'
  | 'token_algorithm'
  | 'token_key'
  | 'token_signature'
  | 'token_issuer'
  | 'token_audience'
  | 'token_claims'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'keys_unavailable';

export type TokenVerdict = { claims: TokenClaims } | { fault: TokenFault };
export type TokenVerifier = (authorization: string | undefined) => Promise<TokenVerdict>;

const claimsSchema = z.object({
  // No control characters: it is shown, and kept in logs.
  sub: z
    .string()
    .regex(new RegExp(`^\\P{Cc}{1,${MAX_USER_ID_LENGTH}}$`, 'u'))
    .max(MAX_USER_ID_LENGTH),
  role: z
    .unknown()
    .optional()
    .transform((role): Role => (role === 'admin' ? 'admin' : 'user')),
  topics: z
    .array(z.string())
    .transform(topics => topics.filter(isTopic))
    .optional(),
});

/**
 * Makes what checks `Authorization` headers. Fetched keys are kept for 10 minutes, and are fetched again, at most every 30
 * seconds, for a key id that is not among them.
 */
export function tokenVerifier({ key, issuer, audience }: TokenRules): TokenVerifier {
  const getKey = 'secret' in key ? secretKey(key.secret) : fetchedKey(key.jwksUrl);
  const algorithms = 'secret' in key ? SYMMETRIC : ASYMMETRIC;
  const required = { issuer, audience, algorithms, clockTolerance: CLOCK_SKEW_SECONDS, requiredClaims: ['exp', 'sub'] };
  return async authorization => {
    if (!authorization) return { fault: 'token_missing' };
    if (authorization.length > MAX_TOKEN_BYTES) return { fault: 'token_too_large' };
    const token = /^Bearer +([\w.-]+)$/i.exec(authorization)?.[1];
    if (!token) return { fault: 'token_malformed' };
    try {
      return readClaims((await jwtVerify(token, getKey, required)).payload);
    } catch (error) {
      return { fault: faultOf(error) };
    }
  };
}

function secretKey(secret: string): JWTVerifyGetKey {
  const key = new TextEncoder().encode(secret);
  return () => key;
}

function fetchedKey(url: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url);
  let failedAtMs = Number.NEGATIVE_INFINITY;
  return async (header, token) => {
    if (!keys.fresh && Date.now() - failedAtMs < ASK_AGAIN_MS)
      throw new KeysUnavailable(`${url.host} gave no keys just now`);
    try {
      return await keys(header, token);
    } catch (error) {
      if (isNoKey(error) || error instanceof errors.JOSENotSupported) throw error;
      failedAtMs = Date.now();
      throw new KeysUnavailable(`${url.host} gives no keys`, { cause: error });
    }
  };
}

class KeysUnavailable extends Error {}

function isNoKey(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
}

function readClaims(payload: JWTPayload): TokenVerdict {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) return { fault: 'token_claims' };
  const { sub, role, topics } = parsed.data;
  return { claims: { userId: sub, role, topics: topics ?? null } };
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof KeysUnavailable) {
    if (error.cause) console.error('the keys that tokens are signed with cannot be had', error.cause);
    return 'keys_unavailable';
  }
  if (error instanceof errors.JWTExpired) return 'token_expired';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_FAULTS[error.claim] ?? 'token_claims';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'token_algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'token_signature';
  if (isNoKey(error)) return 'token_key';
  return 'token_malformed';
}

const CLAIM_FAULTS: Record<string, TokenFault> = {
  iss: 'token_issuer',
  aud: 'token_audience',
  nbf: 'token_not_yet_valid',
};
