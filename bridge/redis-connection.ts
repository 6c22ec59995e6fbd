import { Redis, type RedisOptions } from 'ioredis';
import { backoffMs } from '../shared/backoff.ts';
import { type RedisNode, readRedisUrl } from './redis-url.ts';

type Options = Omit<RedisOptions, 'replyMapping' | 'protocol'>;

export const RECONNECT = { baseMs: 100, maxMs: 5_000 };
/** A connection that is silent for this long, a PING unanswered, is broken, whatever TCP says. */
export const ANSWER_TIMEOUT_MS = 5_000;

/**
 * A connection to be opened with `connect()`, and then for ever; it bears a name that Redis shows. Of a cluster it is to
 * one node, as what is published reaches all, and to the next one whenever it breaks; a `follower`'s is to its leader's.
 */
export function createRedis(url: string, connectionName: string, leader?: Redis): Redis {
  const address = readRedisUrl(url);
  if (address === null) throw new Error('REDIS_URL: cannot be read');
  if (address.kind === 'server') return new Redis(address.url, { ...CONNECTION, connectionName });
  const { nodes, access } = address;
  const common: Options = {
    ...CONNECTION,
    connectionName,
    ...(access.username && { username: access.username }),
    ...(access.password && { password: access.password }),
    ...(access.tls && { tls: {} }),
  };
  if (address.kind === 'cluster') return createOfCluster(nodes, common, leader);
  return new Redis({
    ...common,
    sentinels: nodes,
    name: address.master,
    db: address.db,
    // A master that is none any more must not go on being listened to.
    failoverDetector: true,
    sentinelRetryStrategy: CONNECTION.retryStrategy,
    ...(access.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  });
}

function createOfCluster(nodes: readonly RedisNode[], options: Options, leader?: Redis): Redis {
  let at = Math.floor(Math.random() * nodes.length);
  const redis: Redis = new Redis({
    ...options,
    ...nodes[at],
    retryStrategy: attempt => {
      Object.assign(redis.options, leader ? nodeOf(leader) : nodes[++at % nodes.length]);
      return CONNECTION.retryStrategy(attempt);
    },
  });
  return redis;
}

function nodeOf({ options: { host, port } }: Redis): { host: string | undefined; port: number | undefined } {
  return { host, port };
}

/** Brings a follower to the node its leader is connected to. */
export function follow(follower: Redis, leader: Redis): void {
  const node = nodeOf(leader);
  const { host, port } = nodeOf(follower);
  if (host === node.host && port === node.port) return;
  Object.assign(follower.options, node);
  if (follower.status !== 'wait') follower.disconnect(true);
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
