import { Hono } from 'hono';
import { nodeFor } from '../../shared/partition.ts';
import { isSocketTopic, type SocketTopic, USER_TOPIC } from '../../shared/topics.ts';
import { nodeHub, userHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { checkUpgrade, handOver } from '../middleware/upgrade.ts';
import { Problem } from '../problem.ts';

/**
 * `GET /ws/:topic`: checks where a WebSocket comes from, whose it is and what it speaks, and hands it to the topic's hub,
 * or for `me` to the user's own.
 */
export const websocket = new Hono<AppEnv>()
  .use('/:topic', async (c, next) => {
    const topic = c.req.param('topic');
    if (!isSocketTopic(topic)) throw new Problem(404, 'not_found', `there is no topic "${topic}"`, 'topic');
    await next();
  })
  .get('/:topic', checkUpgrade, c => {
    const topic = c.req.param('topic') as SocketTopic;
    const { user_id } = c.var.upgrade.identity;
    if (topic === USER_TOPIC) return handOver(c, userHub(c.env, user_id));
    return handOver(c, nodeHub(c.env, topic, nodeFor(user_id, c.var.config.replicas[topic])));
  });
