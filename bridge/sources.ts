import type { BridgeConfig } from './config.ts';
import { JobPublisher } from './job-publisher.ts';
import type { Log } from './log.ts';
import { RedisSource } from './redis-source.ts';
import type { Source } from './source.ts';
import { StreamSource } from './stream-source.ts';

/** Round trips to Redis that are slower than this degrade the bridge. */
const MAX_LATENCY_MS = { production: 50, development: 5_000 };
/** The entry of a stream that nobody acknowledges for so long is taken over. */
const CLAIM_AFTER_MS = 60_000;

/** @throws Error when there is no Redis to listen to */
export function createSource(config: BridgeConfig, log: Log): Source {
  if (config.redisUrl === null) throw new Error('REDIS_URL: is not set');
  return new RedisSource({
    url: config.redisUrl,
    channels: Object.keys(config.channels),
    maxLatencyMs: MAX_LATENCY_MS[config.appEnv],
    log,
  });
}

/** null when there is no stream to read. */
export function createStreams(config: BridgeConfig, log: Log, claimAfterMs = CLAIM_AFTER_MS): StreamSource | null {
  const streams = Object.keys(config.streams);
  if (streams.length === 0 || config.redisUrl === null) return null;
  const { redisUrl: url, streamGroup: group, bridgeId: consumer } = config;
  return new StreamSource({ url, streams, group, consumer, claimAfterMs, log });
}

/** null when no job is to be published, or there is no Redis to publish it on. */
export function createPublisher(config: BridgeConfig, log: Log): JobPublisher | null {
  return config.rest === null || config.redisUrl === null ? null : new JobPublisher(config.redisUrl, log);
}
