import { Hono } from 'hono';
import { isTopic, type Topic } from '../../shared/topics.ts';
import { sessionHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { checkUpgrade, handOver } from '../middleware/upgrade.ts';
import { Problem } from '../problem.ts';

/** `GET /ws/:topic`: checks where a WebSocket comes from, whose it is and what it speaks, and hands it to the topic's hub. */
export const websocket = new Hono<AppEnv>()
  .use('/:topic', async (c, next) => {
    const topic = c.req.param('topic');
    if (!isTopic(topic)) throw new Problem(404, 'not_found', `there is no topic "${topic}"`, 'topic');
    await next();
  })
  .get('/:topic', checkUpgrade, c => {
    const topic = c.req.param('topic') as Topic;
    return handOver(c, sessionHub(c.env, topic, c.var.upgrade.identity.user_id));
  });
