import { createHmac } from 'node:crypto';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { formatSignature, SIGNATURE_HEADER } from '../shared/ingest-protocol.ts';
import { sayError } from './log.ts';
import type { PostResult } from './outbox/answer.ts';

/** A request that is not answered by then counts as failed; it may have been taken all the same. */
const TIMEOUT_MS = 10_000;

/** Posts a batch's body to the Worker. Never throws: what goes wrong is a result. */
export type Post = (body: string, signal: AbortSignal) => Promise<PostResult>;

/**
 * Signs each try anew, so that a batch may be tried for longer than a signature is valid. Connections are kept.
 * @param workerNow the Worker's clock, by which signatures are judged, as far as it is known
 */
export function createPost(workerUrl: string, secret: string, workerNow: () => number): Post {
  const url = new URL(`${workerUrl}/ingest`);
  // Not `fetch`, which takes more processor time.
  const { Agent, request } = url.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });
  return async (body, signal) => {
    const bytes = Buffer.from(body);
    const headers = {
      'content-type': 'application/json',
      'content-length': bytes.length,
      [SIGNATURE_HEADER]: sign(bytes, secret, Math.round(workerNow())),
    };
    const ends = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        request(url, { method: 'POST', headers, agent, signal: ends }, resolve).on('error', reject).end(bytes);
      });
      return { status: answer.statusCode!, body: parse(await text(answer)) };
    } catch (error) {
      return { failure: sayError(ends.aborted ? ends.reason : error) };
    }
  };
}

/** The signature header of a body. */
export function sign(bytes: Uint8Array, secret: string, atMs: number): string {
  return formatSignature(atMs, createHmac('sha256', secret).update(`${atMs}.`).update(bytes).digest('hex'));
}

function parse(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    // An error page of something in between: its status says enough.
    return undefined;
  }
}
