import { createMiddleware } from 'hono/factory';
import { timingSafeEqual } from 'hono/utils/buffer';
import { metrics } from '../routes/metrics.ts';
import type { AppEnv } from './config.ts';

/** Whoever shows METRICS_TOKEN reads the metrics; everybody else goes on, to be asked who they are. */
export const admitScraper = createMiddleware<AppEnv>(async (c, next) => {
  const { metricsToken } = c.var.config;
  const [, shown] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  if (metricsToken && shown && (await timingSafeEqual(shown, metricsToken))) return metrics(c);
  return next();
});
