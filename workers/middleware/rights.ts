import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { TIERS, type Tier, TOPICS, type Topic } from '../../shared/topics.ts';
import { Denial } from '../denial.ts';
import type { AppEnv } from './config.ts';

/**
 * For operators. In open mode, which production refuses, everybody is one.
 * @throws Denial 403 `admin_only`
 */
export const requireAdmin = createMiddleware<AppEnv>(async (c, next) => {
  if (c.var.config.auth.mode === 'jwt' && c.var.identity.role !== 'admin') {
    throw new Denial('admin_only', 403, 'admin_only', 'this needs a token with the role "admin"');
  }
  await next();
});

/** @throws Denial 403 `forbidden_topic` */
export function requireTopic(c: Context<AppEnv>, topic: Topic, field = 'topic'): void {
  if (!mayRead(c, topic)) throw forbidden(`the token is not for topic ${topic}`, field);
}

/**
 * The tiers that the caller may read.
 * @throws Denial 403 `forbidden_topic` when there are none
 */
export function readableTiers(c: Context<AppEnv>): Tier[] {
  const tiers = TIERS.filter(tier => mayRead(c, tier));
  if (tiers.length === 0) throw forbidden('the token is not for any tier');
  return tiers;
}

/**
 * The topics that the caller may read.
 * @throws Denial 403 `forbidden_topic` when there are none
 */
export function readableTopics(c: Context<AppEnv>): Topic[] {
  const topics = TOPICS.filter(topic => mayRead(c, topic));
  if (topics.length === 0) throw forbidden('the token is not for any topic');
  return topics;
}

function mayRead(c: Context<AppEnv>, topic: Topic): boolean {
  return c.var.identity.topics?.includes(topic) ?? true;
}

function forbidden(detail: string, field?: string): Denial {
  return new Denial('forbidden_topic', 403, 'forbidden_topic', detail, field);
}
