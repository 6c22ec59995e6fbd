import { parseSignature, SIGNATURE_HEADER } from '../shared/ingest-protocol.ts';
import { MAX_INGEST_BODY_BYTES, MAX_SIGNATURE_SKEW_MS } from '../shared/limits.ts';
import { readBody } from './body.ts';
import { Denial } from './denial.ts';
import { hmacKey } from './identity/hmac-key.ts';

/**
 * Reads a body that must be signed with one of the secrets, before anything in it is looked at.
 * @throws Problem 413 when it is too large, Denial 401 when the signature is missing, wrong, or of another time
 */
export async function readSignedBody(request: Request, secrets: readonly string[], nowMs: number): Promise<Uint8Array> {
  const body = await readBody(request, MAX_INGEST_BODY_BYTES);
  await checkSignature(request.headers.get(SIGNATURE_HEADER), body, secrets, nowMs);
  return body;
}

async function checkSignature(
  header: string | null,
  body: Uint8Array,
  secrets: readonly string[],
  nowMs: number,
): Promise<void> {
  const signature = parseSignature(header);
  if (!signature)
    throw new Denial('batch_signature', 401, 'bad_signature', `${SIGNATURE_HEADER} is missing or malformed`);
  const prefix = new TextEncoder().encode(`${signature.atMs}.`);
  const signed = new Uint8Array(prefix.length + body.length);
  signed.set(prefix);
  signed.set(body, prefix.length);
  const mac = Uint8Array.from(signature.hex.match(/../g)!, pair => Number.parseInt(pair, 16));
  const verdicts = await Promise.all(secrets.map(secret => isSignedWith(secret, mac, signed)));
  if (!verdicts.includes(true)) {
    throw new Denial('batch_signature', 401, 'bad_signature', 'the signature is not of this body and secret');
  }
  const skewMs = signature.atMs - nowMs;
  if (Math.abs(skewMs) > MAX_SIGNATURE_SKEW_MS) {
    const detail = `signed ${skewMs} ms from the Worker's clock, at most ${MAX_SIGNATURE_SKEW_MS}`;
    throw new Denial('batch_clock_skew', 401, 'clock_skew', detail, undefined, {
      extension: { server_at_ms: nowMs },
    });
  }
}

async function isSignedWith(secret: string, mac: BufferSource, signed: BufferSource): Promise<boolean> {
  return crypto.subtle.verify('HMAC', await hmacKey(secret), mac, signed);
}
