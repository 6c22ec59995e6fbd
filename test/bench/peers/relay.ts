/** What stands between Redis and a Worker that cannot subscribe: posts each message as it comes. */
import { Redis } from 'ioredis';

const [redisUrl, url, channel] = process.argv.slice(2) as [string, string, string];

const redis = new Redis(redisUrl);
redis.on('message', async (_, text: string) => {
  const response = await fetch(url, { method: 'POST', body: text });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
});
await redis.subscribe(channel);
process.send!('listening');
