import { Redis } from 'ioredis';
import { JOB_CHANNELS } from '../../shared/backtests.ts';

/** Hears of each job that is published. */
export type OnJob = (channel: string, raw: string) => void;

/** Listens on Redis, and again whenever it is back. @returns a function that ends it */
export function jobsOnRedis(url: string, onJob: OnJob): () => void {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => {
    // Told where messages are published.
  });
  redis.on('message', onJob);
  redis.subscribe(...Object.values(JOB_CHANNELS)).catch(() => undefined);
  return () => redis.disconnect();
}

/** Takes `{channel, raw}` from the parent process. @returns a function that ends it */
export function jobsOfParent(onJob: OnJob): () => void {
  const take = (sent: unknown) => {
    const { channel, raw } = sent as { channel: string; raw: string };
    onJob(channel, raw);
  };
  process.on('message', take);
  return () => process.off('message', take);
}
