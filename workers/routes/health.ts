import type { Context } from 'hono';
import type { Liveness } from '../../shared/api/health.ts';
import type { HubStats, WebsocketHealth } from '../../shared/api/websocket-health.ts';
import { PROTOCOL_VERSION } from '../../shared/limits.ts';
import { TOPICS } from '../../shared/topics.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';

/** `GET /api/health`: this Worker answers. Asks for no identity. */
export function liveness(c: Context<AppEnv>): Response {
  const { id, tag } = c.env.VERSION;
  const version = tag ? { id, commit: tag } : null;
  return c.json<Liveness>({ status: 'ok', protocol: PROTOCOL_VERSION, version, server_at_ms: Date.now() });
}

/** `GET /api/websocket/health`: what each hub has done and holds. */
export async function websocketHealth(c: Context<AppEnv>): Promise<Response> {
  const answers = TOPICS.map(async topic => {
    const answer = await answerOf<HubStats>(rootHub(c.env, topic).readStats());
    return [topic, 'value' in answer ? answer.value : { topic, error: answer.error }] as const;
  });
  const answer: WebsocketHealth = {
    generated_at: new Date().toISOString(),
    hubs: Object.fromEntries(await Promise.all(answers)) as WebsocketHealth['hubs'],
  };
  return c.json(answer);
}
