/** What Cloudflare charges for on Workers Paid, in US dollars a month, without taxes and other terms of a contract. */
export interface Price {
  what: string;
  /** A month, with the plan. */
  included: number;
  usdPerMillion: number;
}

/** When they were looked up, in Cloudflare's documentation. */
export const PRICES_AS_OF = '2026-11-29';
export const PLAN_USD = 5;

/**
 * https://developers.cloudflare.com/workers/platform/pricing/,
 * https://developers.cloudflare.com/durable-objects/platform/pricing/,
 * https://developers.cloudflare.com/kv/platform/pricing/.
 * Outgoing WebSocket messages, bandwidth and requests for the page's files cost nothing.
 */
export const PRICES = {
  workerRequests: { what: 'requests to the Worker', included: 10e6, usdPerMillion: 0.3 },
  workerCpuMs: { what: 'CPU of the Worker, ms', included: 30e6, usdPerMillion: 0.02 },
  objectRequests: { what: 'requests to objects', included: 1e6, usdPerMillion: 0.15 },
  objectGbSeconds: { what: 'objects in memory, GB-s', included: 400_000, usdPerMillion: 12.5 },
  rowsWritten: { what: 'rows written', included: 50e6, usdPerMillion: 1 },
  rowsRead: { what: 'rows read', included: 25e9, usdPerMillion: 0.001 },
  storedKb: { what: 'stored, kB', included: 5e6, usdPerMillion: 0.2 },
  kvReads: { what: 'KV reads', included: 10e6, usdPerMillion: 0.5 },
} as const satisfies Record<string, Price>;
export type Meter = keyof typeof PRICES;

/** Of Durable Objects: so many incoming WebSocket messages are one request. */
export const MESSAGES_PER_REQUEST = 20;
/** An object in memory is charged as this much, whatever it uses. */
export const OBJECT_GB = 0.128;
