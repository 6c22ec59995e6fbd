import { Redis } from '@upstash/redis/cloudflare';
import type { BacktestJob } from '../shared/api/backtests.ts';
import type { JOB_CHANNELS } from '../shared/backtests.ts';
import type { JobsConfig } from './env.ts';
import { Problem } from './problem.ts';

/** Redis is waited for no longer: whoever asks is waiting too. */
const TIMEOUT_MS = 5_000;

/** What a user wants of TickStockPL. */
export type JobMessage =
  | { channel: typeof JOB_CHANNELS.submit; job: BacktestJob }
  | { channel: typeof JOB_CHANNELS.cancel; job: CancelMessage };

interface CancelMessage {
  type: 'backtest_cancel';
  job_id: string;
  user_id: string;
  /** Epoch seconds. */
  timestamp: number;
  source: 'tickstock_appv2';
}

/** As TickStockPL knows this side. */
export const JOB_SOURCE = 'tickstock_appv2';

/**
 * Publishes a job, once: whether it was is not known when no answer comes.
 * @returns how many listened, as Redis counts
 * @throws Problem 503 `backtests_unreachable`
 */
export async function publishJob({ url, token }: JobsConfig, { channel, job }: JobMessage): Promise<number> {
  const redis = new Redis({
    url,
    token,
    // What is tried again may have been done.
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(TIMEOUT_MS),
    // One command, one request: a pipeline of one is another address.
    enableAutoPipelining: false,
    enableTelemetry: false,
  });
  try {
    return await redis.publish(channel, JSON.stringify(job));
  } catch (error) {
    // The client repeats the command, and with it whose it is.
    const why = error instanceof Error ? error.message.split(', command was:')[0] : String(error);
    console.error(`nothing could be published on ${channel}: ${why}`);
    throw new Problem(503, 'backtests_unreachable', 'Redis, by which backtests are asked for, gave no good answer');
  }
}
