/**
 * A process that publishes patterns on Redis as the simulator writes them, in all their shapes, at the rate it is told:
 * `{ perSecond, count }` in, `{ sent, ms }` out when that many patterns are out. Shares no thread with what is measured.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createPatterns } from '../../simulator/patterns.ts';
import { createPrices } from '../../simulator/prices.ts';
import { createRandom } from '../../simulator/random.ts';
import type { Order, Sent } from './feed.ts';

const TICK_MS = 5;
const SEED = 1;

const redis = new Redis(process.argv[2]!);
const random = createRandom(SEED);
const patterns = createPatterns(random, createPrices(random), () => 'bench');

process.on('message', async (order: Order) => process.send!(await publish(order)));
process.on('disconnect', () => process.exit());
process.send!('ready');

async function publish({ perSecond, count }: Order): Promise<Sent> {
  const startedAtMs = performance.now();
  let sent = 0;
  while (sent < count) {
    const elapsedMs = performance.now() - startedAtMs;
    const due = Math.min(count, Math.ceil((elapsedMs * perSecond) / 1_000));
    const pipeline = redis.pipeline();
    while (sent < due) {
      const { channel, raw, truth } = patterns.next(Date.now());
      pipeline.publish(channel, raw);
      sent += truth.detections.length;
    }
    await pipeline.exec();
    await sleep(TICK_MS);
  }
  return { sent, ms: performance.now() - startedAtMs };
}
