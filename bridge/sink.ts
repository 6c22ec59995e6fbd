import { createHmac } from 'node:crypto';
import { formatSignature, SIGNATURE_HEADER } from '../shared/ingest-protocol.ts';
import { sayError } from './log.ts';
import type { PostResult } from './outbox/answer.ts';

/** A request that is not answered by then counts as failed; it may have been taken all the same. */
const TIMEOUT_MS = 10_000;

/** Posts a batch's body to the Worker. Never throws: what goes wrong is a result. */
export type Post = (body: string, signal: AbortSignal) => Promise<PostResult>;

/**
 * Signs each try anew, so that a batch may be tried for longer than a signature is valid.
 * @param workerNow the Worker's clock, by which signatures are judged, as far as it is known
 */
export function createPost(workerUrl: string, secret: string, workerNow: () => number): Post {
  return async (body, signal) => {
    const bytes = Buffer.from(body);
    try {
      const response = await fetch(`${workerUrl}/ingest`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [SIGNATURE_HEADER]: sign(bytes, secret, Math.round(workerNow())),
        },
        body: bytes,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      return { status: response.status, body: parse(await response.text()) };
    } catch (error) {
      // fetch says only that it failed; why is in its cause.
      return { failure: sayError(error instanceof Error && error.cause ? error.cause : error) };
    }
  };
}

/** The signature header of a body. */
export function sign(bytes: Uint8Array, secret: string, atMs: number): string {
  return formatSignature(atMs, createHmac('sha256', secret).update(`${atMs}.`).update(bytes).digest('hex'));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An error page of something in between: its status says enough.
    return undefined;
  }
}
