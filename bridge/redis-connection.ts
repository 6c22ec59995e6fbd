import { Redis, type RedisOptions } from 'ioredis';
import { backoffMs } from '../shared/backoff.ts';

export const RECONNECT = { baseMs: 100, maxMs: 5_000 };
/** A connection that is silent for this long, a PING unanswered, is broken, whatever TCP says. */
export const ANSWER_TIMEOUT_MS = 5_000;

/** A connection to be opened with `connect()`, and then for ever; it bears a name that Redis shows. */
export function createRedis(url: string, connectionName: string): Redis {
  return new Redis(url, { ...CONNECTION, connectionName });
}

const CONNECTION = {
  lazyConnect: true,
  connectTimeout: ANSWER_TIMEOUT_MS,
  retryStrategy: (attempt: number) => backoffMs(RECONNECT, attempt, Math.random()),
  // Commands belong to the connection they were given to: when that closes, they fail at once.
  enableOfflineQueue: false,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // A server that is still loading takes subscriptions already.
  enableReadyCheck: false,
} satisfies RedisOptions;

/** Resolves when the connection is closed; between two connections ioredis has none, and says nothing. */
export async function disconnect(redis: Redis): Promise<void> {
  const hasConnection = redis.status === 'connect' || redis.status === 'ready';
  const ended = hasConnection ? new Promise(resolve => redis.once('end', resolve)) : undefined;
  redis.disconnect();
  await ended;
}

export class NoAnswer extends Error {}

/** @throws NoAnswer when it takes too long */
export async function inTime<T>(answer: Promise<T>, waitMs = ANSWER_TIMEOUT_MS): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NoAnswer(`no answer within ${ANSWER_TIMEOUT_MS} ms`)), waitMs);
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
