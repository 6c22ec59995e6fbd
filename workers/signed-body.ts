import { parseSignature, SIGNATURE_HEADER } from '../shared/ingest-protocol.ts';
import { MAX_INGEST_BODY_BYTES, MAX_SIGNATURE_SKEW_MS } from '../shared/limits.ts';
import { Problem } from './problem.ts';

/**
 * Reads a body that must be signed with `secret`, before anything in it is looked at.
 * @throws Problem 413 when it is too large, 401 when the signature is missing, wrong, or of another time
 */
export async function readSignedBody(
  request: Request,
  secret: string,
  nowMs: number,
): Promise<{ body: Uint8Array; signedAtMs: number }> {
  const body = await readBody(request);
  return { body, signedAtMs: await checkSignature(request.headers.get(SIGNATURE_HEADER), body, secret, nowMs) };
}

/** Never holds more than the limit, whatever the sender says of its length. */
async function readBody(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > MAX_INGEST_BODY_BYTES) throw new Problem(413, 'too_large', `over ${MAX_INGEST_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

/** @returns when it was signed, by the signer's clock */
async function checkSignature(header: string | null, body: Uint8Array, secret: string, nowMs: number): Promise<number> {
  const signature = parseSignature(header);
  if (!signature) throw new Problem(401, 'bad_signature', `${SIGNATURE_HEADER} is missing or malformed`);
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['verify']);
  const prefix = encoder.encode(`${signature.atMs}.`);
  const signed = new Uint8Array(prefix.length + body.length);
  signed.set(prefix);
  signed.set(body, prefix.length);
  const bytes = Uint8Array.from(signature.hex.match(/../g)!, pair => Number.parseInt(pair, 16));
  if (!(await crypto.subtle.verify('HMAC', key, bytes, signed))) {
    throw new Problem(401, 'bad_signature', 'the signature is not of this body and secret');
  }
  const skewMs = signature.atMs - nowMs;
  if (Math.abs(skewMs) > MAX_SIGNATURE_SKEW_MS) {
    throw new Problem(
      401,
      'clock_skew',
      `signed ${skewMs} ms from the Worker's clock, at most ${MAX_SIGNATURE_SKEW_MS}`,
      undefined,
      { server_at_ms: nowMs },
    );
  }
  return signature.atMs;
}
