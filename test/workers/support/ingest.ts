import { env, exports } from 'cloudflare:workers';
import {
  type BridgeHeartbeat,
  formatSignature,
  type IngestBatch,
  SIGNATURE_HEADER,
} from '../../../shared/ingest-protocol.ts';

const encoder = new TextEncoder();

/** The header for a body, as a bridge makes it. */
export async function sign(body: string, atMs = Date.now(), secret = env.INGEST_SECRET!): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(`${atMs}.${body}`)));
  return formatSignature(atMs, [...mac].map(byte => byte.toString(16).padStart(2, '0')).join(''));
}

/** Of a bridge that is well. */
export function heartbeat(overrides: Partial<BridgeHeartbeat> = {}): BridgeHeartbeat {
  return {
    at_ms: Date.now(),
    redis_connected: true,
    redis_latency_ms: 1.5,
    channels_subscribed: 5,
    channels_wanted: 5,
    last_message_at_ms: Date.now(),
    reasons: [],
    ...overrides,
  };
}

let batches = 0;

export function ingestBatch(overrides: Partial<IngestBatch> = {}): IngestBatch {
  batches++;
  return {
    bridge_id: 'test-bridge',
    batch_id: batches,
    sent_at_ms: Date.now(),
    covers: null,
    events: [],
    rejects: [],
    gaps: [],
    ...overrides,
  };
}

/** Posts a body to /ingest, signed unless a signature (or null for none) is given. */
export async function post(body: string | object, signature?: string | null): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const header = signature === undefined ? await sign(text) : signature;
  return exports.default.fetch('http://edge.test/ingest', {
    method: 'POST',
    body: text,
    headers: header === null ? {} : { [SIGNATURE_HEADER]: header },
  });
}
