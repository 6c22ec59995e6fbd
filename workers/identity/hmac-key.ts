const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' };

const keys = new Map<string, CryptoKey>();

/** The HMAC-SHA256 key of a secret of the configuration, imported once. */
export async function hmacKey(secret: string): Promise<CryptoKey> {
  const known = keys.get(secret);
  if (known) return known;
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), ALGORITHM, false, [
    'sign',
    'verify',
  ]);
  keys.set(secret, key);
  return key;
}
