import type { Context } from 'hono';
import { hubMetrics } from '../core/hub-metrics.ts';
import { PROMETHEUS_TEXT_TYPE, prometheusText } from '../core/prometheus-text.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readHubs } from './operations.ts';

/** `GET /metrics`: what all hubs count and hold, for Prometheus. */
export async function metrics(c: Context<AppEnv>): Promise<Response> {
  const text = prometheusText(hubMetrics(await readHubs(c.env), Date.now()));
  return c.body(text, 200, { 'content-type': PROMETHEUS_TEXT_TYPE });
}
