import { Redis } from 'ioredis';
import type { Message } from './detection.ts';

/** Where messages go. */
export interface Publisher {
  isReady(): boolean;
  /** Resolves when they are handed over; those that cannot be are lost, as with any publisher on Redis. */
  publish(messages: readonly Message[]): Promise<void>;
  close(): void;
}

/** Publishes on Redis, each call one pipeline; connects and reconnects by itself. */
export function publishOnRedis(url: string): Publisher {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  redis.on('error', error => console.error(`simulator: ${error.message}`));
  const isReady = () => redis.status === 'ready';
  return {
    isReady,
    async publish(messages) {
      if (messages.length === 0 || !isReady()) return;
      const pipeline = redis.pipeline();
      for (const { channel, raw } of messages) pipeline.publish(channel, raw);
      // Lost with the connection, which the error handler has told of.
      await pipeline.exec().catch(() => null);
    },
    close: () => redis.disconnect(),
  };
}

/** Hands each message to the parent process as `{channel, raw}`. */
export function publishToParent(): Publisher {
  return {
    isReady: () => true,
    async publish(messages) {
      for (const { channel, raw } of messages) {
        // The parent may go between one message and the next.
        if (process.connected) process.send?.({ channel, raw }, undefined, undefined, () => {});
      }
    },
    close() {},
  };
}
