import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { SignJWT } from 'jose';
import { expect } from 'vitest';
import { app } from '../../../workers/app.ts';
import type { Env } from '../../../workers/env.ts';
import { eventually } from '../../support/eventually.ts';
import { TestClient } from './client.ts';

const encoder = new TextEncoder();

export const JWT_SECRET = 'jwt-secret-jwt-secret-jwt-secret-jwt!';
export const ISSUER = 'https://issuer.test';
export const AUDIENCE = 'tickstock';

/** The test's environment with users instead of guests. */
export const jwtEnv: Env = { ...env, AUTH_MODE: 'jwt', JWT_SECRET, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE };

/** A token for a minute, signed as `jwtEnv` wants it unless told otherwise; a claim that is undefined is left out. */
export function token(
  claims: Record<string, unknown> = {},
  { secret = JWT_SECRET, alg = 'HS256' } = {},
): Promise<string> {
  const payload = { sub: 'ann', iss: ISSUER, aud: AUDIENCE, exp: nowSeconds() + 60, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg }).sign(encoder.encode(secret));
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

export async function bearer(claims: Record<string, unknown> = {}): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await token(claims)}` };
}

/** What the Worker answers in an environment of the test's choosing. */
export async function request(path: string, init: RequestInit = {}, edgeEnv: Env = jwtEnv): Promise<Response> {
  return app.request(`http://edge.test${path}`, init, edgeEnv);
}

/** Tickets for topics, one each. */
export async function tickets(topics: string[], headers: Record<string, string>, edgeEnv: Env = jwtEnv) {
  const response = await request(
    '/api/tickets',
    { method: 'POST', headers, body: JSON.stringify({ topics }) },
    edgeEnv,
  );
  const body = await response.json<{ tickets: Record<string, string>; expires_in_ms: number }>();
  if (!response.ok) throw new Error(JSON.stringify(body));
  return body;
}

/** Opens a WebSocket, with a ticket unless it is null. */
export async function open(
  topic: string,
  ticket: string | null,
  { headers = {}, edgeEnv = jwtEnv }: { headers?: Record<string, string>; edgeEnv?: Env } = {},
): Promise<{ response: Response; client: TestClient }> {
  const response = await request(
    `/ws/${topic}`,
    {
      headers: {
        upgrade: 'websocket',
        'sec-websocket-protocol': ticket === null ? 'tickstock.v1' : `tickstock.v1, ticket.${ticket}`,
        ...headers,
      },
    },
    edgeEnv,
  );
  if (!response.webSocket) throw new Error(`no upgrade: ${response.status} ${await response.text()}`);
  return { response, client: new TestClient(response.webSocket) };
}

/** How often somebody was turned away for a cause, by what all hubs have counted. */
export async function denied(cause: string): Promise<number> {
  const topics = ['daily', 'intraday', 'combo', 'system'];
  const stats = await Promise.all(topics.map(topic => env.HUB.getByName(topic).readStats()));
  return stats.reduce((sum, { denied }) => sum + (denied[cause] ?? 0), 0);
}

/** Forgets what hubs hold, once they hold all there is: counts of a test that has ended would come to the next. */
export async function resetHubs(): Promise<void> {
  const before = await denied('credentials_in_url');
  await request('/api/health?token=x');
  await eventually(async () => expect(await denied('credentials_in_url')).toBeGreaterThan(before));
  await reset();
}
